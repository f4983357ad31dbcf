//! What handlers answer.

use utoipa::__dev::ComposeSchema;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::{Operation, input, kinds, operation};
use crate::page::{CursorPage, Page};
use crate::web::{Created, NoContent};

/// An answer that documents itself. One that does not is a success whose content is not told.
///
/// ```
/// use orgscope::openapi::{Answer, Operation};
/// use utoipa::openapi::schema::{ObjectBuilder, Type};
///
/// /// An export.
/// struct Csv(String);
///
/// impl Answer for Csv {
///     fn document(operation: &mut Operation) {
///         let text = ObjectBuilder::new().schema_type(Type::String);
///         operation.answer("200", "The rows.", "text/csv", text);
///     }
/// }
/// ```
pub trait Answer {
    /// Says which statuses and contents there are. Problem documents are those of the rule and of the arguments.
    fn document(operation: &mut Operation);
}

impl<T: Answer, E> Answer for Result<T, E> {
    fn document(operation: &mut Operation) {
        T::document(operation);
    }
}

impl<T: ToSchema> Answer for Created<T> {
    fn document(operation: &mut Operation) {
        let schema = operation.schema::<T>();
        operation.answer("201", "The new row.", "application/json", schema);
    }
}

impl Answer for NoContent {
    fn document(operation: &mut Operation) {
        operation.answer_without_body("204", "Done.");
    }
}

impl Answer for () {
    fn document(operation: &mut Operation) {
        operation.answer_without_body("200", "Done.");
    }
}

fn plain(operation: &mut Operation) {
    operation.answer("200", "A text.", "text/plain", kinds::text());
}

impl Answer for String {
    fn document(operation: &mut Operation) {
        plain(operation);
    }
}

impl Answer for &'static str {
    fn document(operation: &mut Operation) {
        plain(operation);
    }
}

/// What the frameworks answer with: JSON, and JSON with a status.
macro_rules! frameworks {
    ($($feature:literal: $json:ty, $with_status:ty;)*) => {$(
        #[cfg(feature = $feature)]
        impl<T: ToSchema> Answer for $json {
            fn document(operation: &mut Operation) {
                let schema = operation.schema::<T>();
                operation.answer("200", "The answer.", "application/json", schema);
            }
        }

        #[cfg(feature = $feature)]
        impl<T: ToSchema> Answer for $with_status {
            fn document(operation: &mut Operation) {
                let schema = operation.schema::<T>();
                operation.answer("2XX", "The answer.", "application/json", schema);
            }
        }
    )*};
}

frameworks! {
    "axum": axum::Json<T>, (http::StatusCode, axum::Json<T>);
    "actix": actix_web::web::Json<T>, (actix_web::web::Json<T>, actix_web::http::StatusCode);
}

/// A page of rows with this schema, and the fields that all pages have.
fn page<T: ToSchema>(page: ObjectBuilder) -> RefOr<Schema> {
    let link = || input::or_null(kinds::text());
    let rows = kinds::several(Operation::default().schema::<T>());
    let page = page.property("next", link()).required("next");
    let page = page.property("previous", link()).required("previous");
    page.property("results", rows).required("results").into()
}

macro_rules! pages {
    ($($page:ident: $object:expr;)*) => {$(
        // What `derive(ToSchema)` implements, so that pages can be fields of types that derive it.
        impl<T: ToSchema> ComposeSchema for $page<T> {
            fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                page::<T>($object)
            }
        }

        impl<T: ToSchema> ToSchema for $page<T> {
            fn name() -> std::borrow::Cow<'static, str> {
                let row = operation::name::<T>().unwrap_or_else(|| T::name().into_owned());
                format!("{}_{row}", stringify!($page)).into()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                let mut rows = Operation::default();
                rows.schema::<T>();
                schemas.append(&mut rows.schemas);
            }
        }
    )*};
}

pages! {
    Page: ObjectBuilder::new()
        .property("count", kinds::of(Type::Integer, Some("int64")))
        .required("count");
    CursorPage: ObjectBuilder::new();
}
