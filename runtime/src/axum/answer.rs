//! Errors as answers.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::observed;
use crate::error::{Denied, Error};
use crate::field_errors::FieldErrors;
use crate::page::InvalidPaging;
use crate::problem::{MEDIA_TYPE, Problem};

/// The error of a handler: everything of orgscope's turns into it with `?`, and it answers as a problem document.
///
/// Own problems are made with [`Problem::new`]:
///
/// ```
/// use orgscope::axum::ApiError;
/// use orgscope::problem::Problem;
/// let teapot: ApiError = Problem::new(418, "I'm a teapot", "There is no coffee here.").into();
/// # let _ = teapot;
/// ```
#[derive(Debug)]
pub struct ApiError(Problem);

impl ApiError {
    /// The same error, logged if it is one of the service.
    pub(super) fn logged(error: Error) -> Error {
        if matches!(error, Error::Query(_) | Error::Unavailable(_)) {
            tracing::error!(error = &error as &dyn std::error::Error, "a request failed");
        }
        error
    }

    /// The problem document that it answers with.
    pub fn problem(&self) -> &Problem {
        &self.0
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> ApiError {
        ApiError(problem)
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> ApiError {
        ApiError(denied.into())
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        ApiError(ApiError::logged(error).into())
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> ApiError {
        ApiError(Problem::invalid(errors))
    }
}

impl From<InvalidPaging> for ApiError {
    fn from(error: InvalidPaging) -> ApiError {
        ApiError(Problem::new(400, "Bad Request", error.to_string()))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        observed::refused(&self.0);
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.0.challenge {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        response
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
