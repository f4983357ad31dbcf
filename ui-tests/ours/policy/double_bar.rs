// `||`, which Rust's conditions have, instead of `|`.
use orgscope::prelude::*;

#[protected(owner || subscriber)]
async fn purge() {}

fn main() {}
