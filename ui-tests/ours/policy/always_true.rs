// A policy that everybody passes.
use orgscope::prelude::*;

#[protected(manager | anyone)]
async fn purge() {}

fn main() {}
