// Policies of every form.
use orgscope::axum::Router;
use orgscope::prelude::*;

#[protected(manager & authenticated)]
async fn and() {}

#[protected(owner | subscriber & member)]
async fn or() {}

#[protected(!owner)]
async fn not() {}

#[protected(((manager | subscriber) & !(owner & subscriber)))]
async fn parentheses() {}

#[protected(all(member, !owner, any(manager, subscriber,)))]
async fn calls() {}

#[protected(any(manager) | all(root),)]
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
