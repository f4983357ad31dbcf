// A function that cannot refuse, because it returns nothing.
use orgscope::prelude::*;

#[protected(manager, principal = caller)]
fn purge(caller: &Principal) {
    let _ = caller;
}

fn main() {}
