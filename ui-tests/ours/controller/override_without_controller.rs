// `override` where there is nothing to replace.
use orgscope::prelude::*;

#[protected(override, manager)]
async fn purge() {}

fn main() {}
