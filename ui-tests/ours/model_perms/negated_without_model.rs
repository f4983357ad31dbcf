// `model_perms` within a negation, on a handler that takes no model.
use orgscope::prelude::*;

#[protected(member & !(subscriber & model_perms))]
async fn purge(_caller: Principal) {}

fn main() {}
