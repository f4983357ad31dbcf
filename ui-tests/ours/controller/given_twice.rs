// A controller with two policies.
use orgscope::prelude::*;

#[protected(manager)]
#[protected(subscriber)]
mod api {
    pub async fn list() {}
}

fn main() {}
