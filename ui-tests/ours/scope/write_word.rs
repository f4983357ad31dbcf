// A role that `write` does not know.
use orgscope::prelude::*;

#[protected(manager, write = everybody)]
async fn purge() {}

fn main() {}
