// A word that `hidden` does not know.
use orgscope::prelude::*;

#[protected(manager, hidden = gone)]
async fn purge() {}

fn main() {}
