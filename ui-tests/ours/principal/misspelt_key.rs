// `principal`, misspelt: what is left looks like a handler.
use orgscope::prelude::*;

#[protected(manager, principle = caller)]
fn purge(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

fn main() {}
