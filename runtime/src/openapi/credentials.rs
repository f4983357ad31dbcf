//! The credentials that a service accepts, as security schemes.

#[cfg(any(feature = "sesame", feature = "__session"))]
use utoipa::openapi::security::{ApiKey, ApiKeyValue};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

/// Bearer tokens.
pub(crate) fn bearer() -> SecurityScheme {
    let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    SecurityScheme::Http(http.build())
}

/// A text in the header `Authorization`, behind the name of its scheme.
#[cfg(feature = "sesame")]
pub(crate) fn authorization(scheme: &str) -> SecurityScheme {
    let says = format!("`{scheme} …`");
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
        "Authorization".to_owned(),
        says,
    )))
}

/// The cookie of a session, which goes by the name that the layers of sessions give it.
#[cfg(feature = "__session")]
pub(crate) fn cookie() -> SecurityScheme {
    let says = "The cookie of a session. Requests that change something send its token as `X-CSRF-Token` as well.";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("id", says)))
}
