//! What shows that the form of a page comes from the site itself, where browsers have sessions.

use http::HeaderMap;
use http::request::Parts;

/// The token of the request's session.
pub(super) async fn of_request(parts: &Parts) -> Option<String> {
    #[cfg(feature = "__session")]
    return crate::authenticate::session::csrf_of_request(parts).await;
    #[cfg(not(feature = "__session"))]
    {
        let _ = parts;
        None
    }
}

/// Sends a token that came in a form in the header where it is looked for.
pub(crate) fn send(token: Option<&str>, headers: &mut HeaderMap) {
    #[cfg(feature = "__session")]
    if let Some(Ok(token)) = token.map(http::HeaderValue::from_str) {
        headers.insert(crate::authenticate::session::CSRF_HEADER, token);
    }
    #[cfg(not(feature = "__session"))]
    let _ = (token, headers);
}
