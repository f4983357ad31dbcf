// A policy that nobody passes, because owners are members.
use orgscope::prelude::*;

#[protected(owner & !member)]
async fn purge() {}

fn main() {}
