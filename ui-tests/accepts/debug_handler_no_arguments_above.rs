// `#[axum::debug_handler]` above `#[protected]`, on a handler without arguments.
use orgscope::axum::Router;
use orgscope::prelude::*;

#[axum::debug_handler(state = Tenancy)]
#[protected(authenticated)]
async fn ping() -> &'static str {
    "pong"
}

fn router() -> Router<Tenancy> {
    Router::new().get("/ping", ping)
}

fn main() {}
