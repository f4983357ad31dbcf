// Two bundles with a mistake each: both are reported.
use orgscope::prelude::*;

policy! {
    pub IpamApi = managr;
    pub Exports = owner | manager;
}

fn main() {}
