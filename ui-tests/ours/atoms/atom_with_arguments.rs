// An atom with arguments that takes none.
use orgscope::prelude::*;

#[protected(manager(7))]
async fn purge() {}

fn main() {}
