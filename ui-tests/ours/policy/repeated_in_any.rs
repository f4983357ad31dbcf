// An alternative that is there twice, in `any(…)`.
use orgscope::prelude::*;

#[protected(any(subscriber, manager, subscriber))]
async fn purge() {}

fn main() {}
