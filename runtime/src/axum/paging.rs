//! Which page a request asks for.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::Uri;
use axum::http::request::Parts;

use super::answer::ApiError;
use super::tenancy::HasTenancy;
use crate::page::{Cursor, Paging};
use crate::problem::Problem;

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let uri = uri(parts);
        Ok(Paging::read(uri.path(), uri.query().unwrap_or_default())?)
    }
}

impl<S: HasTenancy> FromRequestParts<S> for Cursor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let key = state.tenancy().signing().ok_or_else(Problem::unavailable)?;
        let uri = uri(parts);
        let query = uri.query().unwrap_or_default();
        Ok(Cursor::read(uri.path(), query, key.clone())?)
    }
}

/// The URI as the client wrote it, nested routers or not.
fn uri(parts: &Parts) -> &Uri {
    let original = parts.extensions.get::<OriginalUri>();
    original.map_or(&parts.uri, |original| &original.0)
}
