// An org path on a handler that takes no model.
use orgscope::prelude::*;

#[protected(manager, org_field = "category.organization")]
async fn purge(_caller: Principal) {}

fn main() {}
