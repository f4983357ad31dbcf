// A permission that keeps something across its waiting which cannot go to another thread.
use orgscope::prelude::*;

use std::rc::Rc;

use orgscope::policy::{Asked, Check, Permission};

struct Licensed;

impl Permission for Licensed {
    fn check<'a>(_asked: &'a Asked<'a>) -> Check<'a> {
        Check::later(async {
            let licence = Rc::new(true);
            std::future::ready(()).await;
            (*licence).into()
        })
    }
}

fn main() {}
