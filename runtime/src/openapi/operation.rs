//! One operation, while its parts describe it.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema};

use super::kinds;

const JSON: &str = "application/json";

/// The schemas that an operation refers to, by their names.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// An operation, as its [`Argument`](super::Argument)s and [`Answer`](super::Answer) describe it.
#[derive(Default)]
pub struct Operation {
    pub(crate) parameters: Vec<Parameter>,
    /// The schema of the row's key in the path.
    pub(super) key: Option<RefOr<Schema>>,
    /// The parameter with the parent's key, and its schema.
    pub(super) parent: Option<(String, RefOr<Schema>)>,
    pub(super) body: Option<RequestBody>,
    pub(super) answers: BTreeMap<String, Response>,
    pub(super) problems: BTreeSet<u16>,
    pub(super) schemas: Schemas,
    /// The form of the input that the body is.
    #[cfg(feature = "browsable")]
    pub(crate) form: Option<crate::browsable::InputForm>,
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

    /// Says that there is a body with these fields, as JSON or as a form, and what may be wrong with it.
    pub fn fields(&mut self, schema: impl Into<RefOr<Schema>>) {
        self.body(&[JSON, "application/x-www-form-urlencoded"], schema);
        for status in [400, 413, 415] {
            self.problem(status);
        }
    }

    /// Says that the body is no form.
    pub(super) fn only_json(&mut self) {
        if let Some(body) = &mut self.body {
            body.content.retain(|media_type, _| media_type == JSON);
        }
    }

    /// Whether there is a body.
    #[cfg(feature = "browsable")]
    pub(crate) fn has_body(&self) -> bool {
        self.body.is_some()
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
        let response = ResponseBuilder::new().description(description).build();
        let response = self.answers.entry(status.to_owned()).or_insert(response);
        response
            .content
            .insert(media_type.to_owned(), content.into());
    }

    /// Says that the answer may be a problem document with this status: 400, 401, 403, 404, 409, 413, 415, 429 or 503.
    pub fn problem(&mut self, status: u16) {
        self.problems.insert(status);
    }

    /// The schema of a type: by its name, and beside the operations, if it has fields or words of its own.
    pub fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.schemas);
        let Some(name) = name::<T>() else {
            return T::schema();
        };
        self.schemas.push((name.clone(), T::schema()));
        Ref::from_schema_name(name).into()
    }

    /// Adds the header that requests with a session send when they change something.
    pub(crate) fn csrf_token(&mut self) {
        let parameter = ParameterBuilder::new().name("X-CSRF-Token");
        let says = "The session's own token; browsers that send `Sec-Fetch-Site` need none.";
        let parameter = parameter.parameter_in(ParameterIn::Header);
        let parameter = parameter.required(Required::False).description(Some(says));
        self.parameter(parameter.schema(Some(kinds::text())));
    }
}

/// Where pages are, which name themselves after their rows.
const PAGES: &str = concat!(env!("CARGO_CRATE_NAME"), "::page::");

/// The name of a type among the components: `Page_Build` for `Page<Build>`. Those of the standard library have none.
pub(super) fn name<T: ToSchema>() -> Option<String> {
    let full = std::any::type_name::<T>();
    let is_of_the_service = !["alloc::", "core::", "std::"]
        .iter()
        .any(|library| full.starts_with(library));
    let is_named = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let last = |path: &str| path.rsplit("::").next().map(str::to_owned);
    let mut words = full.split(|letter: char| !is_named(letter));
    // Numbers, texts and tuples.
    let first = words.next().filter(|first| first.contains("::"))?;
    if first.starts_with(PAGES) {
        return Some(T::name().into_owned());
    }
    let arguments = words.filter(|word| !word.is_empty()).filter_map(last);
    let words: Vec<String> = [T::name().into_owned()]
        .into_iter()
        .chain(arguments)
        .collect();
    is_of_the_service.then(|| words.join("_"))
}

/// A parameter of the query string.
fn in_query(name: &str, description: &str) -> ParameterBuilder {
    let parameter = ParameterBuilder::new().name(name);
    let parameter = parameter.parameter_in(ParameterIn::Query);
    parameter
        .required(Required::False)
        .description(Some(description))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(ToSchema)]
    #[allow(dead_code)]
    struct Build {
        id: i32,
    }

    #[derive(ToSchema)]
    #[allow(dead_code)]
    struct Envelope<T> {
        inside: T,
    }

    #[derive(ToSchema)]
    #[schema(as = Renamed)]
    #[allow(dead_code)]
    struct Device {
        id: i32,
    }

    #[test]
    fn what_types_are_made_of_is_part_of_their_names() {
        let name_of = |name: Option<String>| name.unwrap_or_default();
        assert_eq!(name_of(name::<Build>()), "Build");
        assert_eq!(name_of(name::<Device>()), "Renamed");
        assert_eq!(name_of(name::<Envelope<Build>>()), "Envelope_Build");
        assert_eq!(name_of(name::<crate::page::Page<Build>>()), "Page_Build");
        // Inline: they would all be called `Vec`.
        assert_eq!(name::<Vec<Build>>(), None);
        assert_eq!(name::<Option<Build>>(), None);
        assert_eq!(name::<i32>(), None);
    }

    #[test]
    fn one_status_may_have_several_contents() {
        let mut operation = Operation::default();
        operation.answer("200", "Rows.", JSON, kinds::text());
        operation.answer("200", "Rows.", "text/csv", kinds::text());
        assert_eq!(operation.answers["200"].content.len(), 2);
    }
}
