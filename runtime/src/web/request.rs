//! How arguments are read from a request.

use std::net::IpAddr;

use http::Uri;
use http::request::Parts;

use super::answer::ApiError;

/// An argument that is read from the head of a request, with every framework. [`Scoped`](crate::Scoped), [`Object`](super::Object) and
/// the others are read like this; an own type may be, too:
///
/// ```
/// use http::request::Parts;
/// use orgscope::axum::{ApiError, FromHead};
///
/// /// The language of the client, as it names it.
/// struct Language(String);
///
/// impl<S: Sync> FromHead<S> for Language {
///     async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
///         let header = parts.headers.get("accept-language");
///         let language = header.and_then(|value| value.to_str().ok());
///         Ok(Language(language.unwrap_or("en").to_owned()))
///     }
/// }
/// ```
///
/// With actix such a type is an argument of handlers as it is; for axum it wants an `impl FromRequestParts` that calls
/// `orgscope::axum::from_head`.
pub trait FromHead<S>: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// The answer to a request that it cannot be read from.
    fn from_head(
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<Self, ApiError>> + Send;
}

/// An argument that is read from the body of a request, with every framework: the last of a handler.
pub trait FromBody<S>: Sized {
    /// What the head says against it, before the body is read.
    ///
    /// # Errors
    /// The answer to such a request.
    fn refuse(parts: &Parts) -> Result<(), ApiError>;

    /// Reads it.
    ///
    /// # Errors
    /// The answer to a request that it cannot be read from.
    fn from_body(
        parts: Parts,
        body: Vec<u8>,
        state: &S,
    ) -> impl Future<Output = Result<Self, ApiError>> + Send;
}

/// What a framework knows of a request beside its head; it leaves this in the extensions, before arguments are read.
///
/// ```
/// use http::request::Parts;
/// use orgscope::axum::Sent;
///
/// /// The value of `{region}` in the route.
/// fn region(parts: &Parts) -> Option<&str> {
///     let mut params = Sent::params(parts)?.iter();
///     params.find(|(name, _)| name == "region").map(|(_, value)| value.as_str())
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The parameters of the path, decoded; `None` where they are no text.
    pub(crate) params: Option<Vec<(String, String)>>,
    /// The URI as the client wrote it, nested routers or not.
    pub(crate) uri: Uri,
    /// The address of the connection, where the service is served with addresses.
    pub(crate) peer: Option<IpAddr>,
}

impl Sent {
    /// The parameters of the path, decoded; `None` where they are no text, and outside of a framework.
    pub fn params(parts: &Parts) -> Option<&[(String, String)]> {
        parts.extensions.get::<Sent>()?.params.as_deref()
    }

    /// The URI as the client wrote it.
    pub fn uri(parts: &Parts) -> &Uri {
        let sent = parts.extensions.get::<Sent>();
        sent.map_or(&parts.uri, |sent| &sent.uri)
    }

    /// The address of the connection.
    pub(crate) fn peer(parts: &Parts) -> Option<IpAddr> {
        parts.extensions.get::<Sent>()?.peer
    }
}
