// A key behind a policy with a wrong value.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager;
    crate = "orgscope";
}

fn main() {}
