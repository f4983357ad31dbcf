// A principal on a controller, which is no function.
use orgscope::prelude::*;

#[protected(manager, principal = caller)]
mod api {
    pub async fn list() {}
}

fn main() {}
