// A principal that is no argument of the function.
use orgscope::prelude::*;

#[protected(manager, principal = kaller)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
