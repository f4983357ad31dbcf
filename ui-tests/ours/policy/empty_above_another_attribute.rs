// A protected handler that does not say who may call it, above another attribute macro.
use orgscope::prelude::*;

#[protected()]
#[tracing::instrument]
async fn purge(_caller: Principal) {}

fn main() {}
