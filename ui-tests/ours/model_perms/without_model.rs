// `model_perms` on a handler that takes no model.
use orgscope::prelude::*;

#[protected(manager & model_perms)]
async fn purge() {}

fn main() {}
