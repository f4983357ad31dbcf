// An atom with arguments that is nearly one.
use orgscope::prelude::*;

const ADMIN: i32 = 4;

#[protected(in_grup(ADMIN))]
async fn purge() {}

fn main() {}
