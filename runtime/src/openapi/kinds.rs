//! Which schemas keys, columns and words have.

use std::any::{TypeId, type_name};

use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::filter::ValueKind;
use crate::key::RowKey;

/// A schema of this type and format.
pub(crate) fn of(kind: Type, format: Option<&str>) -> RefOr<Schema> {
    let format = format.map(|format| SchemaFormat::Custom(format.to_owned()));
    let object = ObjectBuilder::new().schema_type(SchemaType::Type(kind));
    object.format(format).into()
}

/// A whole number that is not negative.
pub(super) fn unsigned(format: &str) -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
    let format = SchemaFormat::Custom(format.to_owned());
    number.format(Some(format)).minimum(Some(0)).into()
}

/// A text.
pub(crate) fn text() -> RefOr<Schema> {
    of(Type::String, None)
}

/// One of these words.
pub(crate) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    object.enum_values(Some(words)).into()
}

/// Several of a kind.
pub(crate) fn several(of: RefOr<Schema>) -> ArrayBuilder {
    ArrayBuilder::new().items(of)
}

/// Any value.
pub(crate) fn anything() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .into()
}

/// What a column holds that a query string filters by.
pub(crate) fn of_column(kind: ValueKind) -> RefOr<Schema> {
    match kind {
        ValueKind::Integer => of(Type::Integer, Some("int32")),
        ValueKind::BigInt => of(Type::Integer, Some("int64")),
        ValueKind::Text => text(),
        ValueKind::Bool => of(Type::Boolean, None),
        ValueKind::Double => of(Type::Number, Some("double")),
        #[cfg(feature = "uuid")]
        ValueKind::Uuid => of(Type::String, Some("uuid")),
    }
}

/// The keys that this reads from a text: it is shown some.
pub(crate) fn of_keys(parse: fn(&str) -> Option<RowKey>) -> RefOr<Schema> {
    let samples = ["1", "00000000-0000-4000-8000-000000000000"];
    match samples.into_iter().find_map(parse) {
        Some(RowKey::Int(_)) => of_column(ValueKind::Integer),
        Some(RowKey::BigInt(_)) => of_column(ValueKind::BigInt),
        #[cfg(feature = "uuid")]
        Some(RowKey::Uuid(_)) => of_column(ValueKind::Uuid),
        Some(RowKey::Text(_)) | None => text(),
    }
}

/// A key in a path.
pub(crate) fn of_key<K: 'static>() -> RefOr<Schema> {
    let is = |id: TypeId| id == TypeId::of::<K>();
    match () {
        () if is(TypeId::of::<i16>()) || is(TypeId::of::<i32>()) => of_column(ValueKind::Integer),
        () if is(TypeId::of::<i64>()) => of_column(ValueKind::BigInt),
        () => of_uuid(type_name::<K>()).unwrap_or_else(text),
    }
}

/// UUIDs say of themselves that they are texts.
pub(super) fn of_uuid(name: &str) -> Option<RefOr<Schema>> {
    #[cfg(feature = "uuid")]
    let uuids = [type_name::<uuid::Uuid>(), type_name::<crate::DjangoUuid>()];
    #[cfg(not(feature = "uuid"))]
    let uuids: [&str; 0] = [];
    let is_one = uuids.contains(&name);
    is_one.then(|| of(Type::String, Some("uuid")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn json(schema: RefOr<Schema>) -> serde_json::Value {
        serde_json::to_value(schema).unwrap()
    }

    #[test]
    fn keys_are_what_their_texts_are() {
        use crate::key::Key as _;
        assert_eq!(json(of_keys(i64::parse))["format"], "int64");
        assert_eq!(
            json(of_keys(String::parse)),
            serde_json::json!({"type": "string"})
        );
        assert_eq!(json(of_key::<i32>())["format"], "int32");
    }
}
