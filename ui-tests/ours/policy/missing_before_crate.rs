// The key `crate`, which is a keyword, but no policy before it.
use orgscope::prelude::*;

#[protected(crate = orgscope)]
async fn purge() {}

fn main() {}
