// A scope role on a function that is no handler, where nothing asks for it.
use orgscope::prelude::*;

#[protected(manager, principal = caller, scope = owner)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
