// One group as two alternatives.
use orgscope::prelude::*;

const ADMIN: i32 = 4;

#[protected(in_group(ADMIN) | in_group(ADMIN))]
async fn purge() {}

fn main() {}
