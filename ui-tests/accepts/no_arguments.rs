// A handler without arguments.
use orgscope::axum::Router;
use orgscope::prelude::*;

/// Answers whoever has logged in.
#[protected(authenticated)]
async fn ping() -> &'static str {
    "pong"
}

fn router() -> Router<Tenancy> {
    Router::new().get("/ping", ping)
}

fn main() {}
