// `write` of every organization; only `scope` can be that.
use orgscope::prelude::*;

#[protected(manager, write = all)]
async fn purge() {}

fn main() {}
