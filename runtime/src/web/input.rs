//! The body of a request as an input.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;

use super::answer::ApiError;
use super::guard::passed;
use super::request::FromBody;
use super::tenancy::HasTenancy;
use crate::body::Body;
use crate::error::{Denied, Reason};
use crate::problem::Problem;
use crate::write::{Input, Writes};

/// Reads `application/json` (and `…+json`) and `application/x-www-form-urlencoded`; another type is 415, a body that is too
/// large 413. What is wrong with the fields is told by the write, or by [`Input::into_inner`]. Nobody writes without a login:
/// 401, whatever the body.
impl<S: HasTenancy, T: Writes> FromBody<S> for Input<T> {
    fn refuse(parts: &Parts) -> Result<(), ApiError> {
        if passed::<S::OrgKey>(parts)?.grant.principal().is_none() {
            return Err(Denied::Unauthenticated(Reason::NotAuthenticated).into());
        }
        <Body as FromBody<S>>::refuse(parts)
    }

    async fn from_body(parts: Parts, body: Vec<u8>, state: &S) -> Result<Self, ApiError> {
        Ok(Body::from_body(parts, body, state).await?.read())
    }
}

/// The fields of a body, before anybody says what they are. The types are those of an [`Input`].
impl<S: Sync> FromBody<S> for Body {
    fn refuse(parts: &Parts) -> Result<(), ApiError> {
        is_form(&parts.headers)?;
        Ok(())
    }

    async fn from_body(parts: Parts, body: Vec<u8>, _: &S) -> Result<Self, ApiError> {
        Ok(match is_form(&parts.headers)? {
            true => Body::form(&body),
            false => Body::json(&body)
                .map_err(|error| Problem::new(400, "Bad Request", error.to_string()))?,
        })
    }
}

/// Whether the body is a form.
fn is_form(headers: &HeaderMap) -> Result<bool, Problem> {
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

/// The answer to a body that could not be read, for which a framework has this status.
pub(crate) fn unread(status: u16) -> Problem {
    match status {
        413 => Problem::new(413, "Payload Too Large", "The body is too large."),
        _ => Problem::new(400, "Bad Request", "The body could not be read."),
    }
}
