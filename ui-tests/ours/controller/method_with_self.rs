// A public method in a controller: it takes `self` and is no handler.
use orgscope::prelude::*;

struct Api;

#[protected(manager)]
impl Api {
    pub fn name(&self) -> &'static str {
        "devices"
    }
}

fn main() {}
