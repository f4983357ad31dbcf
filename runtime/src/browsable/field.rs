//! The fields of forms, by what they hold.

use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

/// A field as a page shows it.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// Without a value, it is not sent.
    pub(super) if_any: bool,
    /// More than one value may be chosen.
    pub(super) several: bool,
    pub(super) hint: String,
    pub(super) values: Vec<String>,
    pub(super) errors: Vec<String>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A number; `true` for a whole one.
    Number(bool),
    /// One of these values, with labels.
    OneOf(Vec<(String, String)>),
    /// What no field of a form can say.
    Other,
}

impl Field {
    /// The field of a schema.
    pub(super) fn of(name: &str, schema: Option<&RefOr<Schema>>, required: bool) -> Field {
        let (kind, several) = schema.map_or((Kind::Other, false), kind);
        Field {
            name: name.to_owned(),
            kind,
            required,
            if_any: false,
            several,
            hint: String::new(),
            values: Vec::new(),
            errors: Vec::new(),
        }
    }
}

/// What values of a schema are, and whether there may be several.
fn kind(schema: &RefOr<Schema>) -> (Kind, bool) {
    let RefOr::T(schema) = schema else {
        return (Kind::Other, false);
    };
    match schema {
        Schema::Array(array) => {
            // Several of what a query string joins by commas, or of keys.
            let items = serde_json::to_value(&array.items).ok();
            let words = items.as_ref().and_then(|items| items["enum"].as_array());
            let words = words.into_iter().flatten().filter_map(|word| word.as_str());
            let words: Vec<_> = words.map(same).collect();
            match words.is_empty() {
                true => (Kind::Other, true),
                false => (Kind::OneOf(words), false),
            }
        }
        Schema::AnyOf(any) => {
            // A value, or null.
            let mut values = any.items.iter().filter(|item| !is_null(item));
            values.next().map_or((Kind::Other, false), kind)
        }
        Schema::Object(object) => match (&object.enum_values, &object.schema_type) {
            (Some(words), _) => {
                let words = words.iter().filter_map(|word| word.as_str());
                (Kind::OneOf(words.map(same).collect()), false)
            }
            (None, SchemaType::Type(Type::Boolean)) => {
                let words = [("true", "yes"), ("false", "no")];
                let words = words.map(|(value, label)| (value.to_owned(), label.to_owned()));
                (Kind::OneOf(words.into()), false)
            }
            (None, SchemaType::Type(Type::Integer)) => (Kind::Number(true), false),
            (None, SchemaType::Type(Type::Number)) => (Kind::Number(false), false),
            (None, SchemaType::Type(Type::String)) => (Kind::Text, false),
            _ => (Kind::Other, false),
        },
        _ => (Kind::Other, false),
    }
}

/// Whether a schema is that of null alone.
fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

/// A word that is its own label.
fn same(word: &str) -> (String, String) {
    (word.to_owned(), word.to_owned())
}
