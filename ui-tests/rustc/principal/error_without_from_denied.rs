// A function whose error is not made from a denial.
use orgscope::prelude::*;

#[protected(manager, principal = caller)]
fn purge(caller: &Principal) -> Result<(), String> {
    let _ = caller;
    Ok(())
}

fn main() {}
