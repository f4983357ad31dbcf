// A part that always holds.
use orgscope::prelude::*;

#[protected(manager & anyone)]
async fn purge() {}

fn main() {}
