// Two parts that can never decide: both are reported. (2 mistakes)
use orgscope::prelude::*;

#[protected((owner | manager) & (subscriber | former_subscriber))]
async fn purge() {}

fn main() {}
