// A name alone.
use orgscope::prelude::*;

policy! {
    pub IpamApi;
}

fn main() {}
