// A keyword is no name for a policy.
use orgscope::prelude::*;

policy! {
    pub fn = manager;
}

fn main() {}
