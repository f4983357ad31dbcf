// An alternative that what stands before the parentheses decides already.
use orgscope::prelude::*;

#[protected(manager & (manager | subscriber))]
async fn purge() {}

fn main() {}
