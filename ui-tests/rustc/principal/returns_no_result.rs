// A function that returns something else than a `Result`.
use orgscope::prelude::*;

#[protected(manager, principal = caller)]
fn purge(caller: &Principal) -> bool {
    caller.is_superuser()
}

fn main() {}
