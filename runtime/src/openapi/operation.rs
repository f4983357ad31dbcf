//! One operation, while its parts describe it.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema};

use super::kinds;

/// The schemas that an operation refers to, by their names.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// An operation, as its [`Argument`](super::Argument)s and [`Answer`](super::Answer) describe it.
#[derive(Default)]
pub struct Operation {
    pub(super) parameters: Vec<Parameter>,
    /// The schema of the row's key in the path, and of its parent's.
    pub(super) key: Option<RefOr<Schema>>,
    pub(super) parent_key: Option<RefOr<Schema>>,
    pub(super) body: Option<RequestBody>,
    pub(super) answers: BTreeMap<String, Response>,
    pub(super) problems: BTreeSet<u16>,
    pub(super) schemas: Schemas,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation").finish_non_exhaustive()
    }
}

impl Operation {
    /// Adds a parameter.
    pub fn parameter(&mut self, parameter: impl Into<Parameter>) {
        self.parameters.push(parameter.into());
    }

    /// Adds an optional parameter of the query string.
    pub fn query(&mut self, name: &str, schema: impl Into<RefOr<Schema>>, description: &str) {
        let parameter = in_query(name, description).schema(Some(schema));
        self.parameter(parameter);
    }

    /// Adds an optional parameter of the query string whose values are joined by commas.
    pub(super) fn list(&mut self, name: &str, schema: impl Into<RefOr<Schema>>, says: &str) {
        let parameter = in_query(name, says).schema(Some(schema));
        self.parameter(parameter.explode(Some(false)));
    }

    /// Says that there is a body of this media type.
    pub fn body(&mut self, media_types: &[&str], schema: impl Into<RefOr<Schema>>) {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new().required(Some(Required::True));
        let body = media_types
            .iter()
            .fold(body, |body, media| body.content(*media, content.clone()));
        self.body = Some(body.build());
    }

    /// Says that there is a body with these fields, as JSON or as a form, and what may be wrong with such bodies.
    pub fn fields(&mut self, schema: impl Into<RefOr<Schema>>) {
        let media_types = ["application/json", "application/x-www-form-urlencoded"];
        self.body(&media_types, schema);
        for status in [400, 413, 415] {
            self.problem(status);
        }
    }

    /// Says that the answer may have this status (`200`, or `2XX` where it is not known before) without a body.
    pub fn answer_without_body(&mut self, status: &str, description: &str) {
        let response = ResponseBuilder::new().description(description);
        self.answers.insert(status.to_owned(), response.build());
    }

    /// Says that the answer may have this status (`200`, or `2XX` where it is not known before), and what its body is.
    pub fn answer(
        &mut self,
        status: &str,
        description: &str,
        media_type: &str,
        schema: impl Into<RefOr<Schema>>,
    ) {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description(description);
        let response = response.content(media_type, content);
        self.answers.insert(status.to_owned(), response.build());
    }

    /// Says that the answer may be a problem document with this status: 400, 401, 403, 404, 409, 413, 415, 429 or 503.
    pub fn problem(&mut self, status: u16) {
        self.problems.insert(status);
    }

    /// The schema of a type, which is put beside the operations under its name.
    pub fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name();
        // utoipa gives these no name of their own.
        let is_plain =
            matches!(T::schema(), RefOr::T(Schema::Object(object)) if object.properties.is_empty());
        T::schemas(&mut self.schemas);
        if is_plain || name.is_empty() || !is_name(&name) {
            return T::schema();
        }
        self.schemas.push((name.to_string(), T::schema()));
        Ref::from_schema_name(name).into()
    }
}

/// Whether components may be called this.
fn is_name(name: &str) -> bool {
    name.chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
}

/// A parameter of the query string.
fn in_query(name: &str, description: &str) -> ParameterBuilder {
    let parameter = ParameterBuilder::new().name(name);
    let parameter = parameter.parameter_in(ParameterIn::Query);
    parameter
        .required(Required::False)
        .description(Some(description))
}

/// A parameter of the path.
pub(super) fn in_path(name: &str, schema: Option<RefOr<Schema>>) -> Parameter {
    let parameter = ParameterBuilder::new().name(name);
    let parameter = parameter.parameter_in(ParameterIn::Path);
    parameter
        .required(Required::True)
        .schema(Some(schema.unwrap_or_else(kinds::text)))
        .build()
}
