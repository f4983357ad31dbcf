//! Problem documents (RFC 9457): the one form of every error in an answer.

use serde::Serialize;

use crate::error::{Denied, Error, Reason};
use crate::field_errors::FieldErrors;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document, and the status and challenge that go with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `about:blank`: the title says what the status says.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status code.
    pub status: u16,
    /// What it means for this request.
    pub detail: String,
    /// Which check refused, as a word for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// What is wrong with the input, by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Box<FieldErrors>>,
    /// The value of `Retry-After`, in seconds.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// The value of `WWW-Authenticate`.
    #[serde(skip)]
    pub challenge: Option<&'static str>,
}

impl Problem {
    /// A problem without a reason.
    pub fn new(status: u16, title: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: "about:blank",
            title,
            status,
            detail: detail.into(),
            reason: None,
            errors: None,
            retry_after: None,
            challenge: None,
        }
    }

    fn reason(mut self, reason: Reason) -> Problem {
        self.reason = Some(reason.to_string().into());
        self
    }

    /// The same with another challenge, where it has one.
    #[cfg(feature = "__web")]
    pub(crate) fn challenging(self, scheme: Option<&'static str>) -> Problem {
        Problem {
            challenge: self.challenge.and(scheme),
            ..self
        }
    }

    /// 404: the same for a row that does not exist and for one that is hidden.
    pub fn not_found() -> Problem {
        Problem::new(404, "Not Found", "There is no such object.")
    }

    /// 404: nothing answers at this path.
    pub fn nowhere() -> Problem {
        Problem::new(404, "Not Found", "There is nothing at this path.")
    }

    /// 400: something is wrong with these fields.
    pub fn invalid(errors: FieldErrors) -> Problem {
        Problem {
            errors: Some(Box::new(errors)),
            ..Problem::new(400, "Bad Request", "Some fields are not as they should be.")
        }
    }

    /// 409: another row stands in the way. Whose it is, and what of it, is not said.
    pub fn conflict() -> Problem {
        let detail = "This cannot be done as long as other objects are as they are.";
        Problem::new(409, "Conflict", detail)
    }

    /// 405: nothing answers this method at this path.
    pub fn method_not_allowed() -> Problem {
        let detail = "This method is not allowed here.";
        Problem::new(405, "Method Not Allowed", detail)
    }

    /// 429: too many requests, to be tried again after so many seconds.
    pub fn too_many_requests(retry_after: u64) -> Problem {
        let detail = "Too many requests. Try again later.";
        Problem {
            retry_after: Some(retry_after),
            ..Problem::new(429, "Too Many Requests", detail)
        }
    }

    /// 500: the service itself is wrong; what it is stands in its log.
    pub fn internal() -> Problem {
        Problem::new(500, "Internal Server Error", "Something went wrong.")
    }

    /// 503: something is down that an answer depends on.
    pub fn unavailable() -> Problem {
        let detail = "The service cannot answer right now. Try again later.";
        Problem::new(503, "Service Unavailable", detail)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Problem {
        match denied {
            Denied::NotFound => Problem::not_found(),
            Denied::Undecided => Problem::unavailable(),
            Denied::Forbidden(reason) => {
                let detail = "You do not have permission to do this.";
                Problem::new(403, "Forbidden", detail).reason(reason)
            }
            Denied::Unauthenticated(reason) => Problem {
                challenge: Some("Bearer"),
                ..Problem::new(401, "Unauthorized", "Valid credentials are required.")
                    .reason(reason)
            },
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Denied(denied) => denied.into(),
            Error::Unavailable(_) => Problem::unavailable(),
            Error::Invalid(errors) => Problem::invalid(errors),
            Error::Conflict => Problem::conflict(),
            // What the database said stays in the log.
            Error::Query(_) => Problem::internal(),
        }
    }
}
