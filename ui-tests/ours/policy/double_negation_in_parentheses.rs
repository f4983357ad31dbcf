// A negation of a negation, with parentheses between.
use orgscope::prelude::*;

#[protected(member & !(!manager))]
async fn purge() {}

fn main() {}
