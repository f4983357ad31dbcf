// A policy that does not end.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager & subscriber
}

fn main() {}
