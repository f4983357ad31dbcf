// `#[helper]` outside of a controller.
use orgscope::prelude::*;

#[helper]
pub fn name() -> &'static str {
    "devices"
}

fn main() {}
