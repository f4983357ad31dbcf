// A key that is nothing like one.
use orgscope::prelude::*;

#[protected(manager, tenant = owner)]
async fn purge() {}

fn main() {}
