// A permission that answers a `bool`; `.into()` makes a `Check` of it.
use orgscope::prelude::*;

use orgscope::policy::{Asked, Check, Permission};

struct Weekends;

impl Permission for Weekends {
    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        asked.caller().is_authenticated()
    }
}

fn main() {}
