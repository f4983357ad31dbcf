// A type in a policy that does not exist.
use orgscope::prelude::*;

#[protected(Weekends)]
async fn purge() {}

fn main() {}
