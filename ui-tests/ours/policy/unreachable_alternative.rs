// An alternative that another one includes: owners are managers.
use orgscope::prelude::*;

#[protected(owner | manager)]
async fn purge() {}

fn main() {}
