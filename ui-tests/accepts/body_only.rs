// Handlers whose only argument is the body of the request: the caller's check comes before it all the same.
use axum::Json;
use orgscope::axum::Router;
use orgscope::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    text: String,
}

#[protected(manager)]
async fn ask(Json(question): Json<Question>) -> String {
    question.text
}

#[protected(manager)]
async fn say(text: String) -> String {
    text
}

#[protected(manager)]
async fn raw(request: axum::extract::Request) -> String {
    request.uri().to_string()
}

fn router() -> Router<Tenancy> {
    Router::new()
        .post("/ask", ask)
        .post("/say", say)
        .post("/raw", raw)
}

fn main() {}
