// `all` without what it joins.
use orgscope::prelude::*;

#[protected(all)]
async fn purge() {}

fn main() {}
