//! What the arguments of handlers say of their operations.

use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use super::{Operation, input, kinds};
use crate::body::Body;
use crate::filter::{By, Lookup, ORDERING, OrgFilter, Parameter, SEARCH};
use crate::key::Key;
use crate::model::{Keyed, OrgScoped};
use crate::page::{Cursor, DEFAULT_SIZE, MAX_SIZE, Paging};
use crate::web::{Filtered, Object, Parent, parent};
use crate::write::{Input, Writes};

/// An argument of handlers that documents itself. One that does not says nothing.
///
/// ```
/// use orgscope::openapi::{Argument, Operation};
/// use utoipa::openapi::schema::{ObjectBuilder, Type};
///
/// /// `?verbose=true`
/// struct Verbose(bool);
///
/// impl Argument for Verbose {
///     fn document(operation: &mut Operation) {
///         let boolean = ObjectBuilder::new().schema_type(Type::Boolean);
///         operation.query("verbose", boolean, "Tells everything.");
///     }
/// }
/// ```
pub trait Argument {
    /// Says what the argument is read from.
    fn document(operation: &mut Operation);
}

impl<M: Keyed> Argument for Object<M> {
    fn document(operation: &mut Operation) {
        operation.key = Some(kinds::of_key::<M::Key>());
        operation.problem(404);
    }
}

impl<M: Keyed, Shared> Argument for Parent<M, Shared> {
    fn document(operation: &mut Operation) {
        let key = kinds::of_key::<M::Key>();
        operation.parent = Some((parent::parameter(M::NAME), key));
        operation.problem(404);
    }
}

/// A whole number from one to this.
fn counted(most: u32) -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
    number.minimum(Some(1)).maximum(Some(most)).into()
}

fn page_size(operation: &mut Operation) {
    let says = format!("How many rows a page has; {DEFAULT_SIZE} without it.");
    operation.query("page_size", counted(MAX_SIZE), &says);
    operation.problem(400);
}

impl Argument for Paging {
    fn document(operation: &mut Operation) {
        operation.query("page", counted(u32::MAX), "Which page, from 1 on.");
        page_size(operation);
    }
}

impl Argument for Cursor {
    fn document(operation: &mut Operation) {
        let says = "A position in the list, as `next` and `previous` of a page have it.";
        operation.query("cursor", kinds::text(), says);
        page_size(operation);
    }
}

impl<F: OrgFilter> Argument for Filtered<F> {
    fn document(operation: &mut Operation) {
        for parameter in F::PARAMETERS {
            filter::<F>(parameter, operation);
        }
        let names = F::ORDER.iter().map(|(name, _)| *name);
        let downwards = names.clone().map(|name| format!("-{name}"));
        let words: Vec<String> = names.map(str::to_owned).chain(downwards).collect();
        if !words.is_empty() {
            let words = kinds::one_of(words.iter().map(String::as_str));
            let says = "The order; downwards with a `-`.";
            operation.list(ORDERING, kinds::several(words), says);
        }
        if !F::SEARCH.is_empty() {
            let says = format!("Each word stands in one of: {}.", F::SEARCH.join(", "));
            operation.query(SEARCH, kinds::text(), &says);
        }
        operation.problem(400);
    }
}

fn filter<F: OrgFilter>(parameter: &Parameter, operation: &mut Operation) {
    let organization = || kinds::of_keys(<<F::Model as OrgScoped>::OrgKey as Key>::parse);
    let name = parameter.name;
    match parameter.by {
        By::Organization => operation.query(name, organization(), "The key of the organization."),
        By::Slug => operation.query(name, kinds::text(), "The slug of the organization."),
        By::RelatedOrganization(relation) => {
            let says = format!("The key of the organization of `{relation}`.");
            operation.query(name, organization(), &says);
        }
        By::Relation(relation) => {
            let mut relations = F::Model::RELATIONS.iter();
            let Some(one) = relations.find(|one| one.name == relation) else {
                return;
            };
            let key = kinds::of_keys(one.parse);
            match one.through {
                None => operation.query(name, key, "The key of a row."),
                Some(_) => operation.query(
                    name,
                    kinds::several(key),
                    "The key of a row; several: any of them.",
                ),
            }
        }
        By::Column { kind, lookups, .. } => {
            for (at, lookup) in lookups.iter().enumerate() {
                let value = kinds::of_column(kind);
                let name = lookup.parameter(name, at);
                let pair = || {
                    kinds::several(value.clone())
                        .min_items(Some(2))
                        .max_items(Some(2))
                };
                match lookup {
                    Lookup::In => operation.list(&name, kinds::several(value), says(*lookup)),
                    Lookup::Range => operation.list(&name, pair(), says(*lookup)),
                    Lookup::Isnull => {
                        operation.query(&name, kinds::of(Type::Boolean, None), says(*lookup));
                    }
                    _ => operation.query(&name, value, says(*lookup)),
                }
            }
        }
    }
}

fn says(lookup: Lookup) -> &'static str {
    match lookup {
        Lookup::Exact => "The same value.",
        Lookup::Iexact => "The same text, whatever the case.",
        Lookup::Contains => "A part of the text.",
        Lookup::Icontains => "A part of the text, whatever the case.",
        Lookup::In => "One of these values, with commas between them.",
        Lookup::Lt => "Below.",
        Lookup::Lte => "Below, or the same.",
        Lookup::Gt => "Above.",
        Lookup::Gte => "Above, or the same.",
        Lookup::Range => "From one to another, both included, with a comma between them.",
        Lookup::Isnull => "Whether there is no value.",
    }
}

impl<T: Writes<Model: 'static>> Argument for Input<T> {
    fn document(operation: &mut Operation) {
        #[cfg(feature = "browsable")]
        {
            operation.form = Some(crate::browsable::InputForm::of::<T>());
        }
        let (schema, is_flat) = input::schema::<T>();
        operation.fields(schema);
        if !is_flat {
            // What is nested has no place in a form.
            operation.only_json();
        }
        operation.problem(409);
    }
}

impl Argument for Body {
    fn document(operation: &mut Operation) {
        operation.fields(kinds::of(Type::Object, None));
    }
}

/// A text that is not empty.
#[cfg(feature = "password")]
fn some_text() -> ObjectBuilder {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    text.min_length(Some(1))
}

#[cfg(feature = "password")]
impl Argument for crate::web::login::PasswordLogin {
    fn document(operation: &mut Operation) {
        let fields = ["username", "password"].into_iter();
        let login = fields.fold(ObjectBuilder::new(), |login, name| {
            login.property(name, some_text()).required(name)
        });
        operation.fields(login);
        operation.problem(429);
    }
}

/// What a framework answers to what it cannot read; in words of its own.
fn unread(statuses: &[&str], operation: &mut Operation) {
    for status in statuses {
        operation.answer_without_body(status, "The request could not be read.");
    }
}

/// What the frameworks read: bodies and query strings of types that document themselves.
macro_rules! frameworks {
    ($($feature:literal: $json:ty, $statuses:expr, $query:ty;)*) => {$(
        #[cfg(feature = $feature)]
        impl<T: utoipa::ToSchema> Argument for $json {
            fn document(operation: &mut Operation) {
                let schema = operation.schema::<T>();
                operation.body(&["application/json"], schema);
                unread(&$statuses, operation);
            }
        }

        #[cfg(feature = $feature)]
        impl<T: utoipa::IntoParams> Argument for $query {
            fn document(operation: &mut Operation) {
                let place = || Some(utoipa::openapi::path::ParameterIn::Query);
                for parameter in T::into_params(place) {
                    operation.parameter(parameter);
                }
                unread(&["400"], operation);
            }
        }
    )*};
}

frameworks! {
    "axum": axum::Json<T>, ["400", "413", "415", "422"], axum::extract::Query<T>;
    "actix": actix_web::web::Json<T>, ["400", "413", "415"], actix_web::web::Query<T>;
}
