// A key that is nearly one.
use orgscope::prelude::*;

#[protected(manager, scop = owner)]
async fn purge() {}

fn main() {}
