// `perm` without its permission.
use orgscope::prelude::*;

#[protected(manager & perm)]
async fn purge() {}

fn main() {}
