// Two atoms with a comma between: the second is read as a key.
use orgscope::prelude::*;

#[protected(manager, subscriber)]
async fn purge() {}

fn main() {}
