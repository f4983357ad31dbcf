// A bundle with `model_perms`, on a handler that takes no model.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager & model_perms;
}

#[protected(IpamApi)]
async fn purge() {}

fn main() {}
