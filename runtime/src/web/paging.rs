//! Which page a request asks for.

use http::request::Parts;

use super::answer::ApiError;
use super::request::{FromHead, Sent};
use super::tenancy::HasTenancy;
use crate::page::{Cursor, Paging};
use crate::problem::Problem;

impl<S: Sync> FromHead<S> for Paging {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let uri = Sent::uri(parts);
        Ok(Paging::read(uri.path(), uri.query().unwrap_or_default())?)
    }
}

impl<S: HasTenancy> FromHead<S> for Cursor {
    async fn from_head(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let key = state.tenancy().signing().ok_or_else(Problem::unavailable)?;
        let uri = Sent::uri(parts);
        let query = uri.query().unwrap_or_default();
        Ok(Cursor::read(uri.path(), query, key.clone())?)
    }
}
