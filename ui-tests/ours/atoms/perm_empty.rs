// `perm` of nothing.
use orgscope::prelude::*;

#[protected(manager & perm())]
async fn purge() {}

fn main() {}
