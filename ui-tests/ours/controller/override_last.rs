// `override` behind the policy; it comes first.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[protected(anyone, override)]
    pub async fn list() {}
}

fn main() {}
