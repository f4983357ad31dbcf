// An atom that is nothing like one.
use orgscope::prelude::*;

#[protected(manager | admin)]
async fn purge() {}

fn main() {}
