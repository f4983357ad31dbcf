// A name without its policy.
use orgscope::prelude::*;

policy! {
    pub IpamApi = ;
}

fn main() {}
