// A controller whose module is in a file of its own, where `#[protected]` does not see its handlers.
use orgscope::prelude::*;

#[protected(manager)]
#[path = "outline/api.rs"]
mod api;

fn main() {}
