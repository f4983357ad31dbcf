// `in_group` of nothing.
use orgscope::prelude::*;

#[protected(manager & in_group())]
async fn purge() {}

fn main() {}
