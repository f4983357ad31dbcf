// `not` as in Python; the operator is `!`.
use orgscope::prelude::*;

#[protected(not manager)]
async fn purge() {}

fn main() {}
