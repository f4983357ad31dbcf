//! Problem documents in the documentation.

use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder, Schema,
};

use super::kinds;
use crate::problem::MEDIA_TYPE;

/// The name of the schema.
pub(super) const NAME: &str = "ProblemDetails";

/// A problem document (RFC 9457).
pub(super) fn schema() -> RefOr<Schema> {
    let errors = ObjectBuilder::new()
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(true)))
        .description(Some(
            "What is wrong, by field: an array of codes; an object for what is nested.",
        ))
        .examples([serde_json::json!({"category": ["does_not_exist"]})]);
    let problem = ["type", "title", "detail"]
        .into_iter()
        .fold(ObjectBuilder::new(), |problem, name| {
            problem.property(name, kinds::text()).required(name)
        });
    problem
        .property("status", kinds::of(Type::Integer, None))
        .required("status")
        .property("reason", kinds::text())
        .property("errors", errors)
        .into()
}

/// The name of the answer with this status.
pub(super) fn name(status: u16) -> String {
    format!("Problem{status}")
}

/// The answer with this status, by its name.
pub(super) fn named(status: u16) -> Ref {
    Ref::from_response_name(name(status))
}

/// The answer with this status.
pub(super) fn response(status: u16) -> Response {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(NAME)));
    let response = ResponseBuilder::new().description(says(status));
    let response = response.content(MEDIA_TYPE, problem.build());
    let text = |description: &str| {
        let header = HeaderBuilder::new().description(Some(description));
        header.schema(Some(kinds::text())).build()
    };
    match status {
        401 => response.header("WWW-Authenticate", text("How to authenticate.")),
        429 => response.header("Retry-After", text("After how many seconds to try again.")),
        _ => response,
    }
    .build()
}

fn says(status: u16) -> &'static str {
    match status {
        400 => "Something is wrong with the request: `errors` says what, by field.",
        401 => "Nobody has logged in, or the credential is refused.",
        403 => "The caller may not do this.",
        404 => "There is no such row, or the caller may not know of it.",
        409 => "Another row stands in the way.",
        413 => "The body is too large.",
        415 => "The body is of another media type.",
        429 => "Too many requests.",
        503 => "The service cannot answer right now.",
        _ => "Something is wrong.",
    }
}
