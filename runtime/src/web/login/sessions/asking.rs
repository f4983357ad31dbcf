//! What the endpoints of logins know of a request.

use http::request::Parts;

use crate::web::{ApiError, FromHead};

/// The service that a request is for, and its head.
pub(crate) struct Asking<S> {
    pub(crate) state: S,
    pub(crate) parts: Parts,
}

impl<S: Clone + Send + Sync> FromHead<S> for Asking<S> {
    async fn from_head(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (state, parts) = (state.clone(), parts.clone());
        Ok(Asking { state, parts })
    }
}
