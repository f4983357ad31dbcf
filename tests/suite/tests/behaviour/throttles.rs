//! Throttles that several processes share, in a real Redis, and what happens without it.

use std::net::Ipv4Addr;

use axum::Router as AxumRouter;
use orgscope::axum::{Router, login};
use orgscope::prelude::*;
use orgscope::throttle::{Rate, RedisThrottles, ThrottleStore, WhenUnavailable};
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::Http;
use orgscope_suite::servers;
use serde_json::json;

use crate::support::*;

#[protected(anyone, throttle = "shared")]
async fn limited() -> &'static str {
    "ok"
}

async fn serve(fresh: &Fresh, store: RedisThrottles, then: WhenUnavailable) -> Http {
    let tenancy = Tenancy::new(fresh.pool.clone())
        .throttle("shared", Rate::per_hour(3))
        .login_rates(Rate::per_hour(2), Rate::per_hour(50))
        .throttle_store(store, then);
    let routes = Router::new()
        .get("/limited", limited)
        .merge(login::token_routes());
    let app: AxumRouter = routes.into_axum().with_state(tenancy);
    Http::serve(app).await
}

/// A name that no other run counts under.
fn service(fresh: &Fresh) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("test-{:?}-{}", fresh.database, since.unwrap().as_nanos())
}

#[test]
fn processes_count_together_in_redis() {
    let Some(redis) = servers::redis() else {
        return;
    };
    on_each(async |fresh| {
        seed(&fresh).await;
        let name = service(&fresh);
        let store = || RedisThrottles::connect(redis, &name).unwrap();
        let one = serve(&fresh, store(), WhenUnavailable::Refuse).await;
        let other = serve(&fresh, store(), WhenUnavailable::Refuse).await;
        let (manager, member) = (
            token(&fresh, MANAGER_A).await,
            token(&fresh, MEMBER_A).await,
        );
        for http in [&one, &other, &one] {
            assert_eq!(http.get("/limited", &manager).status, 200);
        }
        for http in [&one, &other] {
            let refused = http.get("/limited", &manager);
            assert_eq!(refused.status, 429);
            let seconds: u64 = refused.retry_after.unwrap().parse().unwrap();
            assert!((1100..=1200).contains(&seconds), "{seconds}");
        }
        // Others have a budget of their own, and so has the address.
        assert_eq!(other.get("/limited", &member).status, 200);
        assert_eq!(other.ask("GET", "/limited", None).status, 200);
        // Attempts to log in as well.
        let json = vec![("content-type", b"application/json".to_vec())];
        let login = json!({ "username": "user 3", "password": "wrong" }).to_string();
        let mut statuses = Vec::new();
        for http in [&one, &other, &one] {
            let answer = http.raw("POST", "/token", &json, &login, Ipv4Addr::LOCALHOST);
            statuses.push(answer.await.status);
        }
        assert_eq!(statuses, [400, 400, 429]);
        fresh
    });
}

#[test]
fn the_budget_fills_again_and_takes_no_more_than_it_holds() {
    let Some(redis) = servers::redis() else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let store = RedisThrottles::connect(redis, &format!("fill-{}", since.unwrap().as_nanos()));
        let store = store.unwrap();
        let rate = Rate::per_second(5);
        let counting = (0..40).map(|_| store.count("key", rate));
        let counted = futures_util::future::join_all(counting).await;
        let admitted = counted
            .into_iter()
            .filter(|wait| wait.as_ref().unwrap().is_none());
        // Five at once, and perhaps one more while they were counted.
        assert!((5..=6).contains(&admitted.count()));
        let wait = store.count("key", rate).await.unwrap().unwrap();
        assert!(wait <= rate.interval());
        tokio::time::sleep(wait + std::time::Duration::from_millis(20)).await;
        assert_eq!(store.count("key", rate).await.unwrap(), None);
        assert!(store.count("key", rate).await.unwrap().is_some());
    });
}

#[test]
fn without_redis_requests_are_refused_or_admitted_and_logins_refused() {
    on_each(async |fresh| {
        seed(&fresh).await;
        // Nothing listens there.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("redis://{}/", listener.local_addr().unwrap());
        drop(listener);
        for (then, status) in [
            (WhenUnavailable::Refuse, 503),
            (WhenUnavailable::Admit, 200),
        ] {
            let store = RedisThrottles::connect(&url, "gone").unwrap();
            let http = serve(&fresh, store, then).await;
            let manager = token(&fresh, MANAGER_A).await;
            assert_eq!(http.get("/limited", &manager).status, status);
            let json = vec![("content-type", b"application/json".to_vec())];
            let login = json!({ "username": "user 3", "password": "wrong" }).to_string();
            let answer = http
                .raw("POST", "/token", &json, &login, Ipv4Addr::LOCALHOST)
                .await;
            assert_eq!(answer.status, 503, "{answer:?}");
        }
        assert!(RedisThrottles::connect("no address", "x").is_err());
        fresh
    });
}
