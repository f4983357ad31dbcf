// A number as a policy.
use orgscope::prelude::*;

#[protected(2)]
async fn purge() {}

fn main() {}
