// A function without a row cannot be asked who may edit it.
use orgscope::prelude::*;

#[protected(can_edit, principal = caller)]
fn purge(caller: &Principal) -> Result<(), Denied> {
    Ok(())
}

fn main() {}
