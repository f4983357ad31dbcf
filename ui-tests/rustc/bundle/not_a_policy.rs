// A type in a bundle that is no policy.
use orgscope::prelude::*;

struct Weekends;

policy! {
    pub IpamApi = manager & !Weekends;
}

fn main() {}
