// An atom that is nearly `model_perms`.
use orgscope::prelude::*;

#[protected(manager & model_perm)]
async fn purge() {}

fn main() {}
