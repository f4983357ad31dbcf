// A policy that says `authenticated` in more words.
use orgscope::prelude::*;

#[protected(authenticated | member)]
async fn purge() {}

fn main() {}
