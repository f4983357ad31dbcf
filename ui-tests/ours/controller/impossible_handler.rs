// A handler that excludes everybody whom its controller admits.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[protected(!manager)]
    pub async fn list() {}
}

fn main() {}
