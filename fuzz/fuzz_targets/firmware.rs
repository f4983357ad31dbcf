//! The firmware example, over its router: methods, path ids, query strings, cursors and bodies of any kind, by any caller. Whatever is sent is
//! answered without a 5xx, and no statement goes around its scope.
#![no_main]

use std::cell::RefCell;

use axum::body::Body;
use axum::http::{Method, Request};
use http_body_util::BodyExt;
use libfuzzer_sys::fuzz_target;
use orgscope::AnyPool;
use orgscope::audit::Auditor;
use orgscope::prelude::*;
use tokio::runtime::Runtime;
use tower::ServiceExt;

const PATHS: &[&str] = &[
    "/categories",
    "/builds",
    "/firmware-images",
    "/devices",
    "/devices/newest",
    "/firmware-images/choices/build",
    "/categories/{}",
    "/builds/{}",
    "/firmware-images/{}",
    "/devices/{}",
    "/categories/{}/builds",
    "/{}",
];
const METHODS: &[Method] = &[Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::PUT];
/// What was written is forgotten after so many requests.
const REQUESTS: usize = 5_000;

struct Service {
    runtime: Runtime,
    app: axum::Router,
    tokens: Vec<String>,
    auditor: Auditor,
    requests: usize,
}

thread_local! {
    static SERVICE: RefCell<Service> = RefCell::new(service());
}

fn service() -> Service {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let auditor = Auditor::new();
    let (app, tokens) = runtime.block_on(async {
        let pool = AnyPool::connect_audited(":memory:", 1, &auditor).expect("a pool");
        let tokens = firmware::seed::seed(&pool).await.expect("demo data");
        let app = firmware::api::router().into_axum();
        (app.with_state(Tenancy::new(pool)), tokens)
    });
    Service { runtime, app, tokens, auditor, requests: 0 }
}

/// Bytes as they may stand in a path or a query string: what may not is encoded, `%` is kept.
fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~%=&+,:;@!$'()*?".contains(byte);
    let bytes = text.bytes().map(|byte| match plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    bytes.collect()
}

// The caller, the method, the path; then lines: an id, a query string, and the body.
fuzz_target!(|input: (u8, u8, u8, &str)| {
    let (caller, method, path, text) = input;
    let mut parts = text.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    let (id, query, body) = (encoded(part()).replace('?', "%3F"), encoded(part()), part().to_owned());
    let path = PATHS[usize::from(path) % PATHS.len()].replace("{}", &id);
    SERVICE.with_borrow_mut(|service| {
        if service.requests == REQUESTS {
            *service = self::service();
        }
        service.requests += 1;
        let mut request = Request::builder()
            .method(METHODS[usize::from(method) % METHODS.len()].clone())
            .uri(format!("{path}?{query}"))
            .header("content-type", if method & 64 == 0 { "application/json" } else { "application/x-www-form-urlencoded" });
        if let Some(token) = service.tokens.get(usize::from(caller) % (service.tokens.len() + 1)) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let Ok(request) = request.body(Body::from(body)) else { return };
        let (status, answer) = service.runtime.block_on(async {
            let answer = service.app.clone().oneshot(request).await.expect("an answer");
            let status = answer.status();
            (status, answer.into_body().collect().await.expect("a body").to_bytes())
        });
        assert!(!status.is_server_error(), "{status} {answer:?}");
        assert_eq!(service.auditor.findings(), []);
    });
});
