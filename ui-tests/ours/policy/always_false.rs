// A policy that nobody passes.
use orgscope::prelude::*;

#[protected(manager & !manager)]
async fn purge() {}

fn main() {}
