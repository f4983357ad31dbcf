// A word behind the permissions that is neither `any` nor `all`.
use orgscope::prelude::*;

#[protected(perm(["ipam.use", "ipam.export"], some))]
async fn purge() {}

fn main() {}
