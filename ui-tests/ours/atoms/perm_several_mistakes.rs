// Two permissions of a list that are none: both are reported.
use orgscope::prelude::*;

#[protected(perm(["ipam", 7, "ipam.use"], any))]
async fn purge() {}

fn main() {}
