// `#[axum::debug_handler]` above `#[protected]`, on a handler without arguments: it calls the handler without the
// argument that `#[protected]` adds.
use orgscope::prelude::*;

#[axum::debug_handler(state = Tenancy)]
#[protected(authenticated)]
async fn ping() {}

fn main() {}
