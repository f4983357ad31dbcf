// A key behind a policy that is none.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager;
    scope = owner;
}

fn main() {}
