//! Errors as answers.

use http::{HeaderValue, Response, StatusCode, header};

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
    pub(crate) fn logged(error: Error) -> Error {
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

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.0.status, self.0.title, self.0.detail)
    }
}

/// An answer, whatever framework sends it. Not `Debug`: its body may be a secret.
pub(crate) struct Answered(pub(crate) Response<String>);

impl Answered {
    /// An answer with a text of this media type.
    pub(crate) fn new(status: StatusCode, media_type: &'static str, text: String) -> Answered {
        let mut response = Response::new(text);
        *response.status_mut() = status;
        Answered(response).with(header::CONTENT_TYPE, HeaderValue::from_static(media_type))
    }

    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Answered {
        let mut response = Response::new(String::new());
        *response.status_mut() = status;
        Answered(response)
    }

    /// The same with another header.
    pub(crate) fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Answered {
        self.0.headers_mut().insert(name, value);
        self
    }
}

/// The problem document, which is counted with it.
impl From<&ApiError> for Answered {
    fn from(ApiError(problem): &ApiError) -> Answered {
        observed::refused(problem);
        let status = StatusCode::from_u16(problem.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Texts and numbers: there is nothing in a problem that JSON does not know.
        let text = serde_json::to_string(problem).unwrap_or_default();
        let mut answer = Answered::new(status, MEDIA_TYPE, text);
        if let Some(seconds) = problem.retry_after {
            answer = answer.with(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = problem.challenge {
            let challenge = HeaderValue::from_static(challenge);
            answer = answer.with(header::WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}
