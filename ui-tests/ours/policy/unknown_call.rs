// A call that is neither `all(…)` nor `any(…)`.
use orgscope::prelude::*;

#[protected(role(manager))]
async fn purge() {}

fn main() {}
