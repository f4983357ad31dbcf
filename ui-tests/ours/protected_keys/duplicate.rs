// A key that is given twice.
use orgscope::prelude::*;

#[protected(manager, hidden = forbidden, hidden = not_found)]
async fn purge() {}

fn main() {}
