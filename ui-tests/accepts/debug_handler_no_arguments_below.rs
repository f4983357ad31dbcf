// `#[axum::debug_handler]` below `#[protected]`, on a handler without arguments.
use orgscope::axum::Router;
use orgscope::prelude::*;

#[protected(authenticated)]
#[axum::debug_handler(state = Tenancy)]
async fn ping() -> &'static str {
    "pong"
}

fn router() -> Router<Tenancy> {
    Router::new().get("/ping", ping)
}

fn main() {}
