// A permission without its app.
use orgscope::prelude::*;

#[protected(perm("export"))]
async fn purge() {}

fn main() {}
