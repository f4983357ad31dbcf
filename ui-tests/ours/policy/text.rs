// A text as a policy.
use orgscope::prelude::*;

#[protected("manager")]
async fn purge() {}

fn main() {}
