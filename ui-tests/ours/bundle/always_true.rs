// A bundle that everybody passes.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager | anyone;
}

fn main() {}
