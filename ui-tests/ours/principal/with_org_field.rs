// An org path on a function that is no handler.
use orgscope::prelude::*;

#[protected(manager, principal = caller, org_field = "category.organization")]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
