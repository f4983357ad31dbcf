//! What those who run a service see of its requests: a span, and counters. No credential, no address and no query string is in them.

use axum::extract::MatchedPath;
use tracing::Span;
use tracing::field::{Empty, debug, display};

use crate::about::About;
use crate::error::Reason;
use crate::key::{Key, UserId};
use crate::principal::Principal;
use crate::problem::Problem;

/// A span for one request, to be made by a layer of the router, such as that of tower-http
/// (`TraceLayer::new_for_http().make_span_with(request_span)`), with no other span within it. The caller's check fills it, and so does what is
/// refused later:
///
/// | field | is |
/// | --- | --- |
/// | `method`, `route` | of the request; the route as it was registered, `/builds/{id}` |
/// | `handler`, `module`, `policy` | what answers it, and who may call that; empty for public handlers, the routes of logins and unknown paths |
/// | `user` | the key of the caller; empty without a login, and where a credential is refused |
/// | `superuser` | whether the caller is one |
/// | `organizations` | in how many organizations the caller has a role, where that is loaded |
/// | `decision` | of the caller's check: `granted` or `refused` |
/// | `status`, `reason` | of an answer that is a problem document: its reason, else a word for its status |
///
/// With the feature `metrics`, `orgscope_granted_total` (`handler`, `module`, `policy`) counts callers whom the check let pass, and
/// `orgscope_refused_total` (`status`, `reason`) problem documents. What a handler answers without one, and what axum's own extractors
/// refuse, is not counted.
///
/// ```
/// use orgscope::axum::request_span;
/// let request = http::Request::get("/builds?page=2").body(()).unwrap();
/// let span = request_span(&request);
/// # let _ = span;
/// ```
pub fn request_span<B>(request: &http::Request<B>) -> Span {
    let route = request.extensions().get::<MatchedPath>();
    tracing::info_span!(
        "request",
        method = %request.method(),
        route = route.map(MatchedPath::as_str),
        handler = Empty,
        module = Empty,
        policy = Empty,
        user = Empty,
        superuser = Empty,
        organizations = Empty,
        decision = Empty,
        status = Empty,
        reason = Empty,
    )
}

/// Notes what is called.
pub(super) fn asked(about: &About) {
    let span = Span::current();
    span.record("handler", about.handler);
    span.record("module", about.module);
    span.record("policy", about.policy);
}

/// Notes who calls.
pub(super) fn authenticated<K: Key>(caller: &Principal<K>) {
    let span = Span::current();
    if span.is_disabled() {
        return;
    }
    match caller.user_id() {
        // A text may hold whatever somebody chose, line breaks as well.
        UserId::Text(user) => span.record("user", debug(user)),
        user => span.record("user", display(user)),
    };
    span.record("superuser", caller.is_superuser());
    if let Some(memberships) = caller.memberships() {
        span.record("organizations", memberships.len());
    }
}

/// Counts a caller whom the check let pass to a handler.
pub(super) fn granted(about: &About) {
    Span::current().record("decision", "granted");
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "orgscope_granted_total",
        "handler" => about.handler,
        "module" => about.module,
        "policy" => about.policy,
    )
    .increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = about;
}

/// Notes that the check did not let a caller pass.
pub(super) fn not_granted() {
    Span::current().record("decision", "refused");
}

/// Counts an answer that is a problem document.
pub(super) fn refused(problem: &Problem) {
    let reason = match (problem.reason.as_deref(), problem.status) {
        // A service's own may say anything.
        (Some(reason), _) => Reason::word(reason).unwrap_or("own"),
        (None, 404) => "not_found",
        (None, 405) => "method_not_allowed",
        (None, 409) => "conflict",
        (None, 429) => "throttled",
        (None, 503) => "unavailable",
        (None, 400..500) => "invalid",
        (None, _) => "error",
    };
    let span = Span::current();
    span.record("status", problem.status);
    span.record("reason", reason);
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "orgscope_refused_total",
        "status" => problem.status.to_string(),
        "reason" => reason,
    )
    .increment(1);
}
