// The attribute on a struct.
use orgscope::prelude::*;

#[protected(manager)]
struct Devices;

fn main() {}
