// A handler of an `impl` block that excludes everybody whom the block admits.
use orgscope::prelude::*;

struct Api;

#[protected(manager)]
impl Api {
    #[protected(!manager)]
    pub async fn list() {}
}

fn main() {}
