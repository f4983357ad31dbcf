// `any()` of nothing.
use orgscope::prelude::*;

#[protected(any())]
async fn purge() {}

fn main() {}
