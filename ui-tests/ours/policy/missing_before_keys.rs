// Keys, but no policy before them.
use orgscope::prelude::*;

#[protected(scope = manager)]
async fn purge() {}

fn main() {}
