// A policy that everybody passes who is logged in, because one half is the other's negation.
use orgscope::prelude::*;

#[protected(manager | !manager)]
async fn purge() {}

fn main() {}
