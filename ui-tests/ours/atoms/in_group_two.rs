// Two groups in one `in_group`.
use orgscope::prelude::*;

#[protected(in_group(3, 4))]
async fn purge() {}

fn main() {}
