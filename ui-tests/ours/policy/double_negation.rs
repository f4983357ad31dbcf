// A negation of a negation.
use orgscope::prelude::*;

#[protected(!!manager)]
async fn purge() {}

fn main() {}
