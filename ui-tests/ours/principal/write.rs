// A write role on a function that is no handler, where nothing asks for it.
use orgscope::prelude::*;

#[protected(manager, principal = caller, write = owner)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
