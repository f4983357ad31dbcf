// A principal of a function without arguments.
use orgscope::prelude::*;

#[protected(manager, principal = caller)]
fn purge() -> Result<(), Error> {
    Ok(())
}

fn main() {}
