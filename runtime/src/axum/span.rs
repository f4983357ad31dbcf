//! The span of a request.

use axum::extract::MatchedPath;
use tracing::Span;

use crate::web::observed::span;

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
/// | `statements` | how many it took until the handler was done, that which finds the caller among them; without those that begin and end transactions |
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
    span(request.method().as_str(), route.map(MatchedPath::as_str))
}
