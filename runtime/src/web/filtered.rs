//! The query string of a request as filters.

use http::request::Parts;

use super::answer::ApiError;
use super::request::{FromHead, Sent};
use crate::filter::{Filters, OrgFilter};

/// What the query string asks of a list: `Filtered(filters): Filtered<BuildFilter>`. Mistakes are told, all at once, by
/// what loads the list: 400 with the parameters.
#[derive(Clone, Debug)]
pub struct Filtered<F: OrgFilter>(pub Filters<F>);

impl<S: Sync, F: OrgFilter> FromHead<S> for Filtered<F> {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = Sent::uri(parts).query();
        Ok(Filtered(Filters::read(query.unwrap_or_default())))
    }
}
