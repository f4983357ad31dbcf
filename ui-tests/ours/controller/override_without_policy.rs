// `override` without what replaces the controller's policy.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[protected(override)]
    pub async fn list() {}
}

fn main() {}
