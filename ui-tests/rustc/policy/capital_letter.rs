// An atom that is written like the type that stands for it.
use orgscope::prelude::*;

#[protected(Manager)]
async fn purge() {}

fn main() {}
