// There is no such authenticator. (2 mistakes)
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager;
    authenticate = [bearer, cookies];
    throttle = "";
}

fn main() {}
