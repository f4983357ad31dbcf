// One permission, and a word that says how several are joined.
use orgscope::prelude::*;

#[protected(perm("ipam.use", any))]
async fn purge() {}

fn main() {}
