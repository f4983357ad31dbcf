// A type in a policy that its module does not have.
use orgscope::prelude::*;

mod policies {}

#[protected(member & policies::Weekends)]
async fn purge() {}

fn main() {}
