// An org path on a controller, whose handlers have models of their own.
use orgscope::prelude::*;

#[protected(manager, org_field = "category.organization")]
mod api {
    pub async fn list() {}
}

fn main() {}
