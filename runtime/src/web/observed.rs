//! What those who run a service see of its requests: a span, and counters. No credential, no address and no query string is in them.

use tracing::Span;
use tracing::field::{Empty, debug, display};

use crate::about::About;
use crate::error::Reason;
use crate::key::{Key, UserId};
use crate::principal::Principal;
use crate::problem::Problem;
use crate::statements;

/// The span of one request, whose other fields the caller's check fills.
pub(crate) fn span(method: &str, route: Option<&str>) -> Span {
    tracing::info_span!(
        "request",
        method = %method,
        route,
        handler = Empty,
        module = Empty,
        policy = Empty,
        user = Empty,
        superuser = Empty,
        organizations = Empty,
        decision = Empty,
        statements = Empty,
        status = Empty,
        reason = Empty,
    )
}

/// Answers a request, and notes how many statements that took.
pub(crate) async fn counted<F: Future>(answer: F) -> F::Output {
    let span = Span::current();
    if span.is_disabled() {
        return answer.await;
    }
    let count = statements::Count::default();
    let answer = statements::counted(count.clone(), answer).await;
    span.record("statements", count.number());
    answer
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
