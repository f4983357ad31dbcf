// A permission by the name of a constant.
use orgscope::prelude::*;

const EXPORT: &str = "ipam.export";

#[protected(perm(EXPORT))]
async fn purge() {}

fn main() {}
