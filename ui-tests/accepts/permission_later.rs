// Permissions that wait for their answer: in handlers, in asynchronous functions, and in those that cannot wait.
use std::time::Duration;

use orgscope::axum::Router;
use orgscope::policy::{Answer, Asked, Check, Permission};
use orgscope::prelude::*;

#[derive(Debug)]
struct NoAnswer;

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the licence server does not answer")
    }
}

impl std::error::Error for NoAnswer {}

async fn ask_licence_server(user: Option<String>) -> Result<bool, NoAnswer> {
    std::future::ready(()).await;
    user.map(|user| user.len() < 7).ok_or(NoAnswer)
}

/// Waits, and borrows what it is asked while it waits.
struct Licensed;

impl Permission for Licensed {
    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        Check::later(async move {
            let user = asked.user_id();
            match ask_licence_server(user.map(ToString::to_string)).await {
                Ok(licensed) => licensed.into(),
                Err(error) => Answer::Unavailable(Box::new(error)),
            }
        })
    }
}

/// Waits in some cases only.
struct Open;

impl Permission for Open {
    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        let Some(request) = asked.request() else {
            return false.into();
        };
        if request.headers.contains_key("x-office") {
            return Answer::Yes.into();
        }
        Check::later(wait(request.uri.path()))
    }
}

async fn wait(path: &str) -> Answer {
    std::future::ready(Duration::from_secs(1)).await;
    Answer::from(path == "/open")
}

#[protected(Licensed | !Open & member)]
async fn handler() {}

#[protected(Licensed, principal = caller)]
async fn asynchronous(caller: &Principal) -> Result<(), Error> {
    let _ = caller;
    Ok(())
}

#[protected(Licensed & !Open, principal = caller)]
fn synchronous(caller: &Principal) -> Result<(), Denied> {
    let _ = caller;
    Ok(())
}

fn router() -> Router<Tenancy> {
    Router::new().get("/handler", handler)
}

fn main() {}
