// `scope` as text instead of a word.
use orgscope::prelude::*;

#[protected(manager, scope = "owner")]
async fn purge() {}

fn main() {}
