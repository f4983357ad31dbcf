// A permission that ends with its app.
use orgscope::prelude::*;

#[protected(perm("ipam."))]
async fn purge() {}

fn main() {}
