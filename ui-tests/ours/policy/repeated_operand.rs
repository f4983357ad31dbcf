// A part that is there twice.
use orgscope::prelude::*;

#[protected(manager & subscriber & manager)]
async fn purge() {}

fn main() {}
