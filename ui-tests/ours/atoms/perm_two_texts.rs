// Two permissions without the brackets of a list.
use orgscope::prelude::*;

#[protected(perm("ipam.use", "ipam.export"))]
async fn purge() {}

fn main() {}
