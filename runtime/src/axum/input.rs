//! The body of a request as an input.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

use super::answer::ApiError;
use super::guard::passed;
use super::tenancy::HasTenancy;
use crate::body::Body;
use crate::error::{Denied, Reason};
use crate::problem::Problem;
use crate::write::{Input, Writes};

/// Reads `application/json` (and `…+json`) and `application/x-www-form-urlencoded`; another type is 415, a body that is too
/// large 413. What is wrong with the fields is told by the write, or by [`Input::into_inner`]. Nobody writes without a login:
/// 401, whatever the body.
impl<S: HasTenancy, T: Writes> FromRequest<S> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        if passed::<S::OrgKey>(&parts)?.grant.principal().is_none() {
            return Err(Denied::Unauthenticated(Reason::NotAuthenticated).into());
        }
        let body = Body::from_request(Request::from_parts(parts, body), state).await?;
        Ok(body.read())
    }
}

/// The fields of a body, before anybody says what they are. The types are those of an [`Input`].
impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_form = media_type(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        Ok(match is_form {
            true => Body::form(&bytes),
            false => Body::json(&bytes)
                .map_err(|error| Problem::new(400, "Bad Request", error.to_string()))?,
        })
    }
}

/// Whether the body is a form.
fn media_type(headers: &axum::http::HeaderMap) -> Result<bool, Problem> {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next());
    let media_type = media_type.unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => Ok(true),
        "application/json" => Ok(false),
        json if json.starts_with("application/") && json.ends_with("+json") => Ok(false),
        _ => Err(Problem::new(
            415,
            "Unsupported Media Type",
            "The body has to be `application/json` or `application/x-www-form-urlencoded`.",
        )),
    }
}

fn unread(rejection: BytesRejection) -> Problem {
    match rejection.status().as_u16() {
        413 => Problem::new(413, "Payload Too Large", "The body is too large."),
        _ => Problem::new(400, "Bad Request", "The body could not be read."),
    }
}
