// An atom that is nearly `subscriber`.
use orgscope::prelude::*;

#[protected(member & subscribr)]
async fn purge() {}

fn main() {}
