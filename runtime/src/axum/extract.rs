//! The arguments of handlers as axum's extractors, and orgscope's errors as its answers.

use std::net::SocketAddr;

use axum::body::{Body as AxumBody, Bytes};
use axum::extract::{
    ConnectInfo, FromRequest, FromRequestParts, OptionalFromRequestParts, OriginalUri,
    RawPathParams, Request,
};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::Serialize;

#[cfg(feature = "password")]
use super::login::{Logins, PasswordLogin};
use crate::body::Body;
use crate::db::Db;
use crate::error::{Denied, Error};
use crate::filter::OrgFilter;
use crate::key::Key;
use crate::model::OrgScoped;
use crate::page::{Cursor, Paging};
use crate::pool::Pool;
use crate::principal::Principal;
use crate::scoped::Scoped;
use crate::unscoped::{Unscoped, UnscopedReason};
#[cfg(all(feature = "session", feature = "password"))]
use crate::web::login::sessions::{Asking, OpenedLink};
use crate::web::{
    Answered, ApiError, Created, Filtered, FromBody, FromHead, NoContent, Object, Parent, Sent,
    UnscopedSql, WhichParents, unread,
};
use crate::write::{Input, Writes};

/// Leaves in the request what axum knows of it.
pub(super) async fn sent(parts: &mut Parts) {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok();
    let params = params.map(|params| {
        let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        params.iter().map(owned).collect()
    });
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |original| &original.0).clone();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|peer| peer.0.ip());
    parts.extensions.insert(Sent { params, uri, peer });
}

/// Reads an argument from the head of a request: what an `impl FromRequestParts` for an own [`FromHead`] calls.
///
/// # Errors
/// The answer to a request that it cannot be read from.
pub async fn from_head<T: FromHead<S>, S>(parts: &mut Parts, state: &S) -> Result<T, ApiError> {
    if parts.extensions.get::<Sent>().is_some() {
        // The caller's check has left it.
        return T::from_head(parts, state).await;
    }
    sent(parts).await;
    let read = T::from_head(parts, state).await;
    // Before a router, it is not yet all there is to know.
    parts.extensions.remove::<Sent>();
    read
}

/// Reads an argument from the body of a request: what an `impl FromRequest` for an own [`FromBody`] calls.
///
/// # Errors
/// The answer to a request that it cannot be read from: 413 for a body that is larger than axum's
/// [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit).
pub async fn from_body<T: FromBody<S>, S>(request: Request, state: &S) -> Result<T, ApiError> {
    let (mut parts, body) = request.into_parts();
    if parts.extensions.get::<Sent>().is_none() {
        sent(&mut parts).await;
    }
    T::refuse(&parts)?;
    let body = read(&parts, body).await?;
    T::from_body(parts, body, state).await
}

/// Arguments that are read from the head.
macro_rules! from_head {
    ($([$($generics:tt)*] $argument:ty;)*) => {$(
        impl<S, $($generics)*> FromRequestParts<S> for $argument
        where
            S: Send + Sync,
            Self: FromHead<S>,
        {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
                from_head(parts, state).await
            }
        }
    )*};
}

from_head! {
    [M: OrgScoped] Scoped<M>;
    [M] Object<M>;
    [M, Shared: WhichParents] Parent<M, Shared>;
    [M: OrgScoped, R: UnscopedReason] Unscoped<M, R>;
    [R: UnscopedReason] UnscopedSql<R>;
    [P: Pool] Db<P>;
    [K: Key] Principal<K>;
    [F: OrgFilter] Filtered<F>;
    [] Paging;
    [] Cursor;
}

#[cfg(feature = "password")]
from_head! {
    [K: Key] Logins<K>;
}

#[cfg(all(feature = "session", feature = "password"))]
from_head! {
    [] Asking<S>;
    [] OpenedLink;
}

/// An endpoint that admits callers without a login.
impl<S, K: Key> OptionalFromRequestParts<S> for Principal<K>
where
    S: Send + Sync,
    Option<Principal<K>>: FromHead<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, ApiError> {
        from_head(parts, state).await
    }
}

/// Arguments that are read from the body.
macro_rules! from_body {
    ($([$($generics:tt)*] $argument:ty;)*) => {$(
        impl<S, $($generics)*> FromRequest<S> for $argument
        where
            S: Send + Sync,
            Self: FromBody<S>,
        {
            type Rejection = ApiError;

            async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
                from_body(request, state).await
            }
        }
    )*};
}

from_body! {
    [T: Writes] Input<T>;
    [] Body;
}

#[cfg(feature = "password")]
from_body! {
    [] PasswordLogin;
}

/// The whole body, up to the limit that the service has set.
async fn read(parts: &Parts, body: AxumBody) -> Result<Vec<u8>, ApiError> {
    let mut request = Request::new(body);
    // The limit is an extension.
    *request.extensions_mut() = parts.extensions.clone();
    let bytes = Bytes::from_request(request, &()).await;
    let bytes = bytes.map_err(|rejection| unread(rejection.status().as_u16()))?;
    Ok(bytes.into())
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        self.0.map(AxumBody::from)
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        Answered::from(self).into_response()
    }
}

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        Answered::from(self).into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        Answered::from(&self).into_response()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}
