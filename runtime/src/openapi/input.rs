//! The schema of an input: which fields a body has.

use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::kinds;
use crate::body::{Asked, Fields};
use crate::write::Writes;

/// The schema of the bodies that an input is read from, and whether nothing is nested in them. What it does not know is refused.
pub(crate) fn schema<T: Writes>() -> (RefOr<Schema>, bool) {
    let asked = Fields::asked::<T>();
    let mut object = ObjectBuilder::new();
    if T::OPTIONS.ignored.is_empty() {
        object = object.additional_properties(Some(AdditionalProperties::FreeForm(false)));
    }
    let is_flat = asked.iter().all(|field| !field.is_nested);
    for field in asked {
        let Asked { name, schema, .. } = field;
        let schema = match field.may_be_null {
            true => or_null(schema),
            false => schema,
        };
        object = object.property(name, schema);
        if field.is_required {
            object = object.required(name);
        }
    }
    (object.into(), is_flat)
}

/// A value, or null.
pub(super) fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    let any_of = AnyOfBuilder::new().item(kinds::of(Type::Null, None));
    any_of.item(schema).into()
}
