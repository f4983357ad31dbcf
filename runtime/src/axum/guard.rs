//! The caller's check, as axum's extractor of the first argument.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use super::extract::sent;
use crate::web::{Endpoint, Guarded, HasTenancy, Parents, enter};

impl<S, E, T> FromRequestParts<S> for Guarded<E, T>
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
    T: FromRequestParts<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        sent(parts).await;
        let checked = enter::<E, S>(parts, state).await;
        let checked = checked.map_err(IntoResponse::into_response)?;
        let inner = T::from_request_parts(parts, state).await;
        Ok(Guarded(
            inner.map_err(IntoResponse::into_response)?,
            checked,
        ))
    }
}

impl<S, E, T> FromRequest<S> for Guarded<E, T>
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
    T: FromRequest<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        sent(&mut parts).await;
        let checked = enter::<E, S>(&mut parts, state).await;
        let checked = checked.map_err(IntoResponse::into_response)?;
        let inner = T::from_request(Request::from_parts(parts, body), state).await;
        Ok(Guarded(
            inner.map_err(IntoResponse::into_response)?,
            checked,
        ))
    }
}
