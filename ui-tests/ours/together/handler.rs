// Several mistakes on one handler: all of them are reported at once. (5 mistakes)
use orgscope::prelude::*;

#[protected(managr & admin, scop = owner, hidden = gone, hidden = forbidden)]
async fn purge() {}

fn main() {}
