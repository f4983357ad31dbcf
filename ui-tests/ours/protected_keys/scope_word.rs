// A role that `scope` does not know.
use orgscope::prelude::*;

#[protected(manager, scope = admin)]
async fn purge() {}

fn main() {}
