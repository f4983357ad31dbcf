// `model_perms` on a function that is no handler: there is no method that says which permission.
use orgscope::prelude::*;

#[protected(manager & model_perms, principal = caller)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
