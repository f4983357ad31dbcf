//! What those who run a service see of its requests: a span, and counters. Never a token, a password or an address of anybody.

use tracing::Span;
use tracing::field::{Empty, display};

use crate::about::About;
use crate::key::Key;
use crate::principal::Principal;
use crate::problem::Problem;

/// A span for one request, to be made by a layer around the router, such as that of tower-http
/// (`TraceLayer::new_for_http().make_span_with(request_span)`). The caller's check, and what is refused later, fill it:
///
/// | field | is |
/// | --- | --- |
/// | `method`, `path` | of the request, without the query string |
/// | `handler`, `policy` | what answers it, and who may call that |
/// | `user` | the key of the caller; empty without a login |
/// | `superuser` | whether the caller is one |
/// | `organizations` | in how many organizations the caller has a role, where that is loaded |
/// | `decision` | `granted` by the caller's check, or `refused`, then or later |
/// | `status`, `reason` | of what is refused, as the problem document says it |
///
/// ```
/// use orgscope::axum::request_span;
/// let request = http::Request::get("/builds?page=2").body(()).unwrap();
/// let span = request_span(&request);
/// # let _ = span;
/// ```
pub fn request_span<B>(request: &http::Request<B>) -> Span {
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        handler = Empty,
        policy = Empty,
        user = Empty,
        superuser = Empty,
        organizations = Empty,
        decision = Empty,
        status = Empty,
        reason = Empty,
    )
}

/// Notes who calls what, before anything is decided.
pub(super) fn asked<K: Key>(about: &About, caller: Option<&Principal<K>>) {
    let span = Span::current();
    if span.is_disabled() {
        return;
    }
    span.record("handler", about.handler);
    span.record("policy", about.policy);
    let Some(caller) = caller else { return };
    span.record("user", display(caller.user_id()));
    span.record("superuser", caller.is_superuser());
    if let Some(memberships) = caller.memberships() {
        span.record("organizations", memberships.len());
    }
}

/// Counts a caller whom the check let pass, as `orgscope_granted_total`.
pub(super) fn granted(about: &About) {
    Span::current().record("decision", "granted");
    #[cfg(feature = "metrics")]
    metrics::counter!("orgscope_granted_total", "handler" => about.handler, "policy" => about.policy)
        .increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = about;
}

/// Counts an answer that is a problem document, as `orgscope_refused_total`: whatever it is that was refused, missing, malformed, too much, or
/// out of order.
pub(super) fn refused(problem: &Problem) {
    let reason = match (&problem.reason, problem.status) {
        (Some(reason), _) => reason,
        (None, 404) => "not_found",
        (None, 409) => "conflict",
        (None, 429) => "throttled",
        (None, 503) => "unavailable",
        (None, 400..500) => "invalid",
        (None, _) => "error",
    };
    let span = Span::current();
    span.record("decision", "refused");
    span.record("status", problem.status);
    span.record("reason", reason);
    #[cfg(feature = "metrics")]
    metrics::counter!(
        "orgscope_refused_total",
        "status" => problem.status.to_string(),
        "reason" => reason.to_owned(),
    )
    .increment(1);
}
