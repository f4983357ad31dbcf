// Two bundles with a mistake each: both are reported. (2 mistakes)
use orgscope::prelude::*;

policy! {
    pub IpamApi = managr;
    pub Exports = owner | manager;
}

fn main() {}
