//! What those who run a service see of its requests.

use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use orgscope::axum::{Router, request_span};
use orgscope::prelude::*;
use orgscope::problem::Problem;
use orgscope_suite::databases::{Fresh, on_each};
use tracing::instrument::{Instrument, WithSubscriber};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::models::{Item, rows};
use crate::support::*;

#[protected(manager)]
async fn watched_list(items: Scoped<Item>, mut db: Db) -> Result<String, ApiError> {
    Ok(items.count(&mut db).await?.to_string())
}

#[protected(member)]
async fn watched_row(item: Object<Item>) -> String {
    item.name.clone()
}

/// A problem of the service's own, whose reason is what somebody wrote.
#[protected(member)]
async fn watched_tea() -> ApiError {
    let mut problem = Problem::new(418, "I'm a teapot", "There is no coffee here.");
    problem.reason = Some("Bob has no cup".into());
    problem.into()
}

async fn within_a_span(request: Request, next: Next) -> Response {
    let span = request_span(&request);
    next.run(request).instrument(span).await
}

/// What a request is answered with, and what is logged of it.
async fn asked(fresh: &Fresh, path: &str, token: Option<&str>) -> (StatusCode, String) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let routes = Router::new()
        .get("/items", watched_list)
        .get("/tea", watched_tea)
        .get("/items/{id}", watched_row);
    let app = routes.into_axum().layer(from_fn(within_a_span));
    let app = app.with_state(Tenancy::new(fresh.pool.clone()));
    let mut request = axum::http::Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(app, request).with_subscriber(subscriber);
    let status = answer.await.unwrap().status();
    (status, log.text())
}

/// The counters of this process.
fn counters() -> &'static Snapshotter {
    static COUNTERS: OnceLock<Snapshotter> = OnceLock::new();
    COUNTERS.get_or_init(|| {
        let recorder = DebuggingRecorder::new();
        let counters = recorder.snapshotter();
        recorder.install().expect("the only recorder");
        counters
    })
}

#[test]
fn a_span_says_who_asked_for_what_and_what_was_decided() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let invalid = "orgscope_0123456789".to_owned();
        let (manager, member) = (
            token(&fresh, MANAGER_A).await,
            token(&fresh, MEMBER_A).await,
        );
        for (path, token, status, parts) in [
            (
                "/items?secret=parameter",
                Some(&manager),
                200,
                &[
                    "method=GET",
                    "route=\"/items\"",
                    "handler=\"watched_list\"",
                    "policy=\"manager\"",
                    "user=3",
                    "superuser=false",
                    "organizations=1",
                    "decision=\"granted\"",
                    "statements=2",
                ][..],
            ),
            (
                "/items",
                Some(&member),
                403,
                &[
                    "user=2",
                    "decision=\"refused\"",
                    "status=403",
                    "reason=\"role_manager\"",
                ],
            ),
            (
                "/items/77",
                Some(&member),
                404,
                &[
                    "decision=\"granted\"",
                    "statements=2",
                    "status=404",
                    "reason=\"not_found\"",
                ],
            ),
            (
                "/items",
                None,
                401,
                &["statements=0", "reason=\"not_authenticated\""],
            ),
            (
                "/nowhere",
                None,
                404,
                &["status=404", "reason=\"not_found\""],
            ),
            (
                "/tea",
                Some(&member),
                418,
                &["decision=\"granted\"", "reason=\"own\""],
            ),
            (
                "/items",
                Some(&invalid),
                401,
                &[
                    "handler=\"watched_list\"",
                    "decision=\"refused\"",
                    "reason=\"authentication_failed\"",
                ],
            ),
        ] {
            let (came, text) = asked(&fresh, path, token.map(String::as_str)).await;
            assert_eq!(came, status, "{path}");
            for part in parts {
                assert!(text.contains(part), "{path}: no {part} in {text}");
            }
            for secret in [&manager, &member, &invalid, "parameter", "Bob"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
        fresh
    });
}

#[test]
fn what_is_granted_and_refused_is_counted() {
    let counters = counters();
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let owner = token(&fresh, OWNER_A_MEMBER_B).await;
        assert_eq!(asked(&fresh, "/items/1", Some(&owner)).await.0, 200);
        assert_eq!(asked(&fresh, "/items/77", Some(&owner)).await.0, 404);
        assert_eq!(asked(&fresh, "/tea", Some(&owner)).await.0, 418);
        fresh
    });
    let counted = counters.snapshot().into_vec();
    let count = |name: &str, labels: [(&str, &str); 2]| {
        let of = counted.iter().filter(|(key, ..)| {
            let key = key.key();
            let has = |(label, value): &(&str, &str)| {
                key.labels()
                    .any(|one| one.key() == *label && one.value() == *value)
            };
            key.name() == name && labels.iter().all(has)
        });
        let values = of.map(|(.., value)| match value {
            DebugValue::Counter(number) => *number,
            _ => 0,
        });
        values.sum::<u64>()
    };
    // Other tests have other handlers, and no tea.
    let granted = [("handler", "watched_row"), ("policy", "member")];
    assert!(count("orgscope_granted_total", granted) >= 2);
    assert!(
        count(
            "orgscope_refused_total",
            [("status", "418"), ("reason", "own")]
        ) >= 1
    );
}
