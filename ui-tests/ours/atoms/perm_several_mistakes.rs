// Two permissions of a list that are none: both are reported. (2 mistakes)
use orgscope::prelude::*;

#[protected(perm(["ipam", 7, "ipam.use"], any))]
async fn purge() {}

fn main() {}
