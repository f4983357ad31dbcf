//! The credentials that a service accepts, as security schemes.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

/// Bearer tokens.
pub(crate) fn bearer() -> SecurityScheme {
    let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    SecurityScheme::Http(http.build())
}

/// A text in the header `Authorization`, behind the name of its scheme.
pub(crate) fn header(scheme: &str) -> SecurityScheme {
    let says = format!("`{scheme} …`");
    let value = ApiKeyValue::with_description("Authorization".to_owned(), says);
    SecurityScheme::ApiKey(ApiKey::Header(value))
}

/// The cookie of a session, under the name that the layers of sessions give it unless they are told another.
#[cfg(feature = "__session")]
pub(crate) fn cookie() -> SecurityScheme {
    let says = "The cookie of a session. Requests that change something send its token as `X-CSRF-Token` as well.";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("id", says)))
}
