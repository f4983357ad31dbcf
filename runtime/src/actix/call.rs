//! One request, while its arguments are read.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Uri};
use percent_encoding::percent_decode_str;

use crate::problem::Problem;
use crate::web::{ApiError, Sent};

/// A request, and the service that it is for.
pub struct Call<S> {
    pub(super) request: HttpRequest,
    pub(super) payload: Payload,
    /// The head as the `http` crate has it: actix has another version of that.
    pub(super) parts: Parts,
    pub(super) state: S,
}

impl<S> std::fmt::Debug for Call<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

impl<S> Call<S> {
    pub(super) fn new(request: HttpRequest, payload: Payload, state: S) -> Result<Self, ApiError> {
        // actix has parsed all of it; what the other version does not take is no request that anybody understands.
        let parts = head(&request)
            .map_err(|_| Problem::new(400, "Bad Request", "The request could not be read."))?;
        Ok(Call {
            request,
            payload,
            parts,
            state,
        })
    }
}

/// The head of a request, with what actix knows beside it.
fn head(request: &HttpRequest) -> Result<Parts, http::Error> {
    let method = Method::from_bytes(request.method().as_str().as_bytes())?;
    let uri: Uri = request.uri().to_string().parse()?;
    let (mut parts, ()) = Request::new(()).into_parts();
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes())?;
        let value = HeaderValue::from_bytes(value.as_bytes())?;
        parts.headers.try_append(name, value)?;
    }
    (parts.method, parts.uri) = (method, uri.clone());
    let params = is_text(request.uri().path()).then(|| params(request));
    let peer = request.peer_addr().map(|peer| peer.ip());
    parts.extensions.insert(Sent { params, uri, peer });
    #[cfg(feature = "actix-session")]
    if let Some(login) = crate::authenticate::session::actix::of_request(request) {
        parts.extensions.insert(login);
    }
    Ok(parts)
}

/// Whether every escape of a path is one, and all of it together text.
fn is_text(path: &str) -> bool {
    let escapes = path.split('%').skip(1);
    let is_escape = |rest: &str| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    escapes.into_iter().all(is_escape) && percent_decode_str(path).decode_utf8().is_ok()
}

/// The parameters of a path that is text. actix has decoded them but for `%`, `/` and `+`, which are escaped as they were.
fn params(request: &HttpRequest) -> Vec<(String, String)> {
    let decoded = |(name, value): (&str, &str)| {
        let value = percent_decode_str(value).decode_utf8_lossy();
        (name.to_owned(), value.into_owned())
    };
    request.match_info().iter().map(decoded).collect()
}
