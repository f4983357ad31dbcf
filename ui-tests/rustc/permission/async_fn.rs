// A permission that is asked by an `async fn`; what waits is handed to `Check::later`.
use orgscope::prelude::*;

use orgscope::policy::{Asked, Check, Permission};

struct Licensed;

impl Permission for Licensed {
    async fn check<'a>(_asked: &'a Asked<'a>) -> Check<'a> {
        true.into()
    }
}

fn main() {}
