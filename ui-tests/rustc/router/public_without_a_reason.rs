// A public handler without a reason.
use orgscope::axum::Router;
use orgscope::prelude::*;

async fn health() -> &'static str {
    "up"
}

fn router() -> Router<Tenancy> {
    Router::new().get("/health", public(health))
}

fn main() {}
