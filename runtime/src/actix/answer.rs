//! orgscope's errors as actix's answers.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use serde::Serialize;

use crate::error::{Denied, Error};
use crate::web::{Answered, ApiError, Created, NoContent};

/// An error as an answer.
pub(super) fn refusal(error: ApiError) -> HttpResponse {
    response(Answered::from(&error))
}

pub(super) fn response(Answered(answer): Answered) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status().as_u16());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in answer.headers() {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    match answer.into_body() {
        empty if empty.is_empty() => response.finish(),
        body => response.body(body),
    }
}

impl Responder for Answered {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self)
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self.into())
    }
}

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self.into())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        let status = StatusCode::from_u16(self.problem().status);
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        response(Answered::from(self))
    }
}

impl From<Error> for actix_web::Error {
    fn from(error: Error) -> Self {
        ApiError::from(error).into()
    }
}

impl From<Denied> for actix_web::Error {
    fn from(denied: Denied) -> Self {
        ApiError::from(denied).into()
    }
}
