// A bundle with a misspelt atom; whatever uses it is not reported as well.
use orgscope::prelude::*;

policy! {
    pub IpamApi = managr & subscriber;
}

#[protected(IpamApi)]
async fn list() {}

fn main() {}
