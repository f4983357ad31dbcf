// A type in a policy that is none.
use orgscope::prelude::*;

struct Weekends;

#[protected(member & !Weekends)]
async fn purge() {}

fn main() {}
