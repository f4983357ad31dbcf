// A method instead of an operator.
use orgscope::prelude::*;

#[protected(manager.or(subscriber))]
async fn purge() {}

fn main() {}
