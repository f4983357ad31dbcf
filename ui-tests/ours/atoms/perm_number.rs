// A permission by a number.
use orgscope::prelude::*;

#[protected(perm(7))]
async fn purge() {}

fn main() {}
