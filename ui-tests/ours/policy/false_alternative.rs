// An alternative that never holds.
use orgscope::prelude::*;

#[protected(manager | (subscriber & !subscriber))]
async fn purge() {}

fn main() {}
