// A group by something that is neither an id nor a name.
use orgscope::prelude::*;

#[protected(in_group(3.5))]
async fn purge() {}

fn main() {}
