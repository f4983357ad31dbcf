//! The query string of a request as filters.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;

use crate::filter::{Filters, OrgFilter};

/// What the query string asks of a list: `Filtered(filters): Filtered<BuildFilter>`. Mistakes are told, all at once, by
/// what loads the list: 400 with the parameters.
#[derive(Clone, Debug)]
pub struct Filtered<F: OrgFilter>(pub Filters<F>);

impl<S: Send + Sync, F: OrgFilter> FromRequestParts<S> for Filtered<F> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let original = parts.extensions.get::<OriginalUri>();
        let uri = original.map_or(&parts.uri, |original| &original.0);
        Ok(Filtered(Filters::read(uri.query().unwrap_or_default())))
    }
}
