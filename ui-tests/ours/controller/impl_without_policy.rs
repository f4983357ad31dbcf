// An `impl` block that does not say who may call its handlers.
use orgscope::prelude::*;

struct Api;

#[protected]
impl Api {
    pub async fn list() {}

    pub async fn purge() {}
}

fn main() {}
