// The negation of everybody.
use orgscope::prelude::*;

#[protected(!anyone)]
async fn purge() {}

fn main() {}
