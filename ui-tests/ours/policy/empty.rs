// A protected handler that does not say who may call it.
use orgscope::prelude::*;

#[protected()]
async fn purge() {}

fn main() {}
