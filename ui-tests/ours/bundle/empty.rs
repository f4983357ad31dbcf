// A `policy!` without anything.
use orgscope::prelude::*;

policy! {}

fn main() {}
