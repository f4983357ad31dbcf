// There is no such authenticator.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager;
    authenticate = [bearer, cookies];
    throttle = "";
}

fn main() {}
