// `&&`, which Rust's conditions have, instead of `&`.
use orgscope::prelude::*;

#[protected(authenticated && manager)]
async fn purge() {}

fn main() {}
