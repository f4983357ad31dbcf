// A principal that is some other argument.
use orgscope::prelude::*;

#[protected(manager, principal = name)]
fn purge(name: &str) -> Result<(), Error> {
    let _ = name;
    Ok(())
}

fn main() {}
