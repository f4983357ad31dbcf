// A controller that does not say who may call its handlers.
use orgscope::prelude::*;

#[protected]
mod api {
    pub async fn list() {}

    pub async fn purge() {}
}

fn main() {}
