// A function of a controller that is a helper and has a policy: it would get around the controller's.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[helper]
    #[protected(anyone)]
    pub async fn list() {}
}

fn main() {}
