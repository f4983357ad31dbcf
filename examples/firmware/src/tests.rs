//! The demo data through the API: everybody sees the own organization's rows, and nobody another's.
#![allow(clippy::unwrap_used, clippy::panic)]

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use orgscope::AnyPool;
use orgscope::prelude::*;
use serde_json::Value;
use tower::ServiceExt;

/// Asks the API as one of the seeded users, by the key.
async fn ask(user: usize, path: &str, api: &axum::Router, tokens: &[String]) -> (u16, Value) {
    let authorization = format!("Bearer {}", tokens[user - 1]);
    let request = Request::get(path).header("Authorization", authorization);
    let request = request.body(Body::empty()).unwrap();
    let answer = api.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

fn ids(page: &Value) -> Vec<i64> {
    let rows = page["results"].as_array().into_iter().flatten();
    rows.filter_map(|row| row["id"].as_i64()).collect()
}

#[tokio::test]
async fn everybody_sees_the_own_rows() {
    // One connection to a database in memory is the database.
    let pool = AnyPool::connect(":memory:", 1).unwrap();
    let tokens = crate::seed::seed(&pool).await.unwrap();
    let api = crate::api::router()
        .into_axum()
        .with_state(Tenancy::new(pool));
    for (user, builds, devices) in [
        (1, None, vec![1, 2]),
        (2, Some(vec![1, 2, 5]), vec![1, 2]),
        (3, Some(vec![1, 2, 5]), vec![1, 2, 3]),
        (4, Some(vec![3, 5]), vec![3]),
        (5, None, vec![]),
        (6, Some(vec![1, 2, 3, 4, 5]), vec![1, 2, 3, 4]),
    ] {
        let (status, page) = ask(user, "/builds", &api, &tokens).await;
        assert_eq!(status, if builds.is_some() { 200 } else { 403 }, "{user}");
        assert_eq!(ids(&page), builds.clone().unwrap_or_default(), "{user}");
        for id in 1..=5 {
            let (status, _) = ask(user, &format!("/builds/{id}"), &api, &tokens).await;
            let expected = match &builds {
                Some(builds) if builds.contains(&id) => 200,
                Some(_) => 404,
                None => 403,
            };
            assert_eq!(status, expected, "build {id} for {user}");
            // An image belongs where its build does.
            let (image, _) = ask(user, &format!("/firmware-images/{id}"), &api, &tokens).await;
            assert_eq!(image, expected, "image {id} for {user}");
        }
        let (_, page) = ask(user, "/devices", &api, &tokens).await;
        assert_eq!(ids(&page), devices, "{user}");
    }
    let (status, category) = ask(2, "/categories/4", &api, &tokens).await;
    assert_eq!((status, &category["organization_id"]), (200, &Value::Null));
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
