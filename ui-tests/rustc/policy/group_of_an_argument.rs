// A group by an argument of the function: a policy is the same for every call.
use orgscope::prelude::*;

#[protected(in_group(group), principal = caller)]
fn purge(caller: &Principal, group: i32) -> Result<(), Error> {
    let _ = (caller, group);
    Ok(())
}

fn main() {}
