// A policy that is not finished: the error is at its last token. (2 mistakes)
use orgscope::prelude::*;

#[protected(manager &)]
async fn list() {}

#[protected(manager, scope)]
async fn count() {}

fn main() {}
