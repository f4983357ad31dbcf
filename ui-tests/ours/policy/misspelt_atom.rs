// An atom that is nearly one.
use orgscope::prelude::*;

#[protected(managr)]
async fn purge() {}

fn main() {}
