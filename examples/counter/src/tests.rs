//! Who may do what with the demo data.
#![allow(clippy::unwrap_used, clippy::panic)]

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use orgscope::testing::World;
use serde_json::{Value, json};
use tower::ServiceExt;

struct Api {
    app: axum::Router,
    tokens: Vec<String>,
    world: World,
}

/// No test goes around a scope.
impl Drop for Api {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.world.assert_scoped();
        }
    }
}

impl Api {
    async fn new() -> Api {
        let world = World::in_memory().await.unwrap();
        let tokens = crate::seed::seed(world.pool()).await.unwrap();
        let app = crate::api::router().into_axum().with_state(world.tenancy());
        Api { app, tokens, world }
    }

    /// Asks as one of the seeded users, by the key; 0 is nobody.
    async fn ask(&self, user: usize, method: &str, path: &str) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = user.checked_sub(1).map(|at| &self.tokens[at]) {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn listed(&self, user: usize) -> Vec<Value> {
        let (_, page) = self.ask(user, "GET", "/bars").await;
        let rows = page["results"].as_array().into_iter().flatten();
        rows.map(|row| row["id"].clone()).collect()
    }
}

#[tokio::test]
async fn subscribers_view_what_they_may_view() {
    let api = Api::new().await;
    for (user, counters) in [
        (1, vec![1, 2, 4]),
        (2, vec![1, 2, 4]),
        (3, vec![]),
        (4, vec![]),
        (5, vec![1, 2, 4]),
    ] {
        assert_eq!(api.listed(user).await, counters, "{user}");
        let subscribes = !counters.is_empty();
        assert_eq!(
            api.ask(user, "GET", "/hello").await.0,
            if subscribes { 200 } else { 403 }
        );
        for id in 1..=4 {
            let (status, _) = api.ask(user, "GET", &format!("/bars/{id}")).await;
            assert_eq!(
                status,
                if counters.contains(&id) { 200 } else { 403 },
                "{user} {id}"
            );
        }
    }
    assert_eq!(api.ask(0, "GET", "/bars").await.0, 401);
    let (_, page) = api.ask(0, "GET", "/public").await;
    assert_eq!(
        page["results"],
        json!([[1, "foyer"], [2, "office"], [4, "garden"]])
    );
}

#[tokio::test]
async fn another_object_is_checked_by_hand() {
    let api = Api::new().await;
    // The office beside the foyer: its keeper may edit it.
    for (user, editable) in [(1, false), (2, true), (5, false)] {
        let (_, answer) = api.ask(user, "GET", "/bars/1").await;
        assert_eq!(answer["other"]["id"], 2);
        assert_eq!(answer["other_is_editable"], editable, "{user}");
    }
    // The garden beside the office: owned by the staff.
    let (_, answer) = api.ask(5, "GET", "/bars/2").await;
    assert_eq!(answer["other_is_editable"], true);
}

#[tokio::test]
async fn counter_admins_delete() {
    let api = Api::new().await;
    for user in [1, 2, 3, 5] {
        assert_eq!(api.ask(user, "DELETE", "/bars/4").await.0, 403, "{user}");
    }
    assert_eq!(api.ask(4, "DELETE", "/bars/4").await.0, 204);
    assert_eq!(api.ask(4, "DELETE", "/bars/4").await.0, 404);
    assert_eq!(api.listed(1).await, [1, 2]);
}

/// Run with `ORGSCOPE_BLESS=1` to write it anew, and read the difference.
#[test]
fn access_md_is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/ACCESS.md");
    let report = crate::api::router().access_report();
    report
        .agrees_with(file)
        .unwrap_or_else(|outdated| panic!("{outdated}"));
}
