// A type as an atom, with arguments.
use orgscope::prelude::*;

struct Weekends;

#[protected(Weekends(2))]
async fn purge() {}

fn main() {}
