// Commas at the end, with and without another attribute macro below.
use orgscope::axum::Router;
use orgscope::prelude::*;

#[protected(member)]
async fn policy() {}

#[protected(member)]
#[tracing::instrument]
async fn policy_above(_caller: Principal) {}

#[protected(member, scope = owner,)]
#[tracing::instrument]
async fn keys_above(_caller: Principal) {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/policy", policy)
        .get("/policy_above", policy_above)
        .get("/keys_above", keys_above)
}

fn main() {}
