// `perm` of an empty list.
use orgscope::prelude::*;

#[protected(manager & perm([]))]
async fn purge() {}

fn main() {}
