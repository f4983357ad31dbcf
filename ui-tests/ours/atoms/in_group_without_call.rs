// `in_group` without its group.
use orgscope::prelude::*;

#[protected(manager & in_group)]
async fn purge() {}

fn main() {}
