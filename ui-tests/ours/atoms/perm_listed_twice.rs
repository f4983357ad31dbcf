// A permission that is there twice in a list.
use orgscope::prelude::*;

#[protected(perm(["ipam.use", "ipam.use"]))]
async fn purge() {}

fn main() {}
