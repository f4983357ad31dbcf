// A bundle with `model_perms`, on a function that is no handler.
use orgscope::prelude::*;

policy! {
    pub IpamApi = manager & model_perms;
}

#[protected(IpamApi, principal = caller)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
