// A module is no helper.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    #[helper]
    pub mod inner {
        pub fn text() -> &'static str {
            "text"
        }
    }
}

fn main() {}
