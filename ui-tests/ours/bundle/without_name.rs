// A policy without a name.
use orgscope::prelude::*;

policy! {
    manager & subscriber;
}

fn main() {}
