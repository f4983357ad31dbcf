// Policies of every form.
use orgscope::axum::Router;
use orgscope::prelude::*;

#[protected(manager & authenticated)]
async fn and() {}

#[protected(owner | manager & member)]
async fn or() {}

#[protected(!owner)]
async fn not() {}

#[protected(((manager | owner) & !(anyone & !authenticated)))]
async fn parentheses() {}

#[protected(all(member, !owner, any(manager, authenticated,)))]
async fn calls() {}

#[protected(any(manager) | all(owner),)]
async fn calls_of_one() {}

#[protected(member, scope = owner, hidden = forbidden,)]
async fn keys() {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/and", and)
        .post("/or", or)
        .put("/not", not)
        .patch("/parentheses", parentheses)
        .delete("/calls", calls)
        .get("/calls_of_one", calls_of_one)
        .get("/keys", keys)
}

fn main() {}
