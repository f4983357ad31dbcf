// A helper of a controller in a router.
use orgscope::prelude::*;

use orgscope::axum::Router;

#[protected(manager)]
mod api {
    #[helper]
    pub async fn name() -> &'static str {
        "devices"
    }
}

fn router() -> Router<Tenancy> {
    Router::new().get("/name", api::name)
}

fn main() {}
