// The attribute without anything.
use orgscope::prelude::*;

#[protected]
async fn purge() {}

fn main() {}
