//! Which schema a field of a body has: its `Deserialize` is asked what it reads.

use std::any::type_name;
use std::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{RefOr, Schema};

use super::kinds::{anything, of, of_column, of_uuid, one_of, several, text, unsigned};
use crate::filter::ValueKind;

/// What a field of a body holds: its `Deserialize` is asked what it expects.
pub(crate) fn schema<T: DeserializeOwned>() -> RefOr<Schema> {
    if let Some(uuid) = of_uuid(type_name::<T>()) {
        return uuid;
    }
    let Err(expected) = T::deserialize(Asking(DEPTH)) else {
        return anything();
    };
    let reads = |word: &str| serde_json::from_value::<T>(word.into()).is_ok();
    match expected.words {
        Some(words) if !words.iter().all(|word| reads(word)) => anything(),
        // It takes every word.
        Some(_) if reads("\u{1}") => text(),
        _ => *expected.schema,
    }
}

/// How deep a type is asked: one may hold itself.
const DEPTH: u8 = 16;

/// Answers every question of a `Deserialize` with what it asked for.
struct Asking(u8);

impl Asking {
    /// The same for what is inside.
    fn inside(self) -> Result<Asking, Expected> {
        match self.0.checked_sub(1) {
            Some(depth) => Ok(Asking(depth)),
            None => Err(Expected::of(anything())),
        }
    }
}

/// What was asked for.
struct Expected {
    schema: Box<RefOr<Schema>>,
    /// The words of an enum.
    words: Option<&'static [&'static str]>,
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expected")
    }
}

impl Expected {
    fn of(schema: RefOr<Schema>) -> Expected {
        let (schema, words) = (Box::new(schema), None);
        Expected { schema, words }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing is read here")
    }
}

impl std::error::Error for Expected {}

impl de::Error for Expected {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Expected::of(anything())
    }
}

macro_rules! expects {
    ($($method:ident => $schema:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Expected> {
            Err(Expected::of($schema))
        }
    )*};
}

fn whole(format: &str) -> RefOr<Schema> {
    of(Type::Integer, Some(format))
}

fn object() -> RefOr<Schema> {
    of(Type::Object, None)
}

impl<'de> Deserializer<'de> for Asking {
    type Error = Expected;

    expects! {
        deserialize_any => anything();
        deserialize_bool => of_column(ValueKind::Bool);
        deserialize_i8 => whole("int32");
        deserialize_i16 => whole("int32");
        deserialize_i32 => whole("int32");
        deserialize_i64 => whole("int64");
        deserialize_u8 => unsigned("uint8");
        deserialize_u16 => unsigned("uint16");
        deserialize_u32 => unsigned("uint32");
        deserialize_u64 => unsigned("uint64");
        deserialize_f32 => of(Type::Number, Some("float"));
        deserialize_f64 => of(Type::Number, Some("double"));
        deserialize_char => text();
        deserialize_str => text();
        deserialize_string => text();
        deserialize_bytes => several(unsigned("uint8")).into();
        deserialize_byte_buf => several(unsigned("uint8")).into();
        deserialize_unit => of(Type::Null, None);
        deserialize_map => object();
        deserialize_identifier => text();
        deserialize_ignored_any => anything();
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
        let asked = visitor.visit_seq(Elements(Some(self.inside()?)));
        asked.map_err(|item| {
            // Which words it takes is only asked of a whole field.
            let item = match item.words {
                Some(_) => anything(),
                None => *item.schema,
            };
            Expected::of(several(item).into())
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Expected> {
        visitor.visit_some(self.inside()?)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Expected> {
        Err(Expected::of(of(Type::Null, None)))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Expected> {
        visitor.visit_newtype_struct(self.inside()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, _: V) -> Result<V::Value, Expected> {
        let tuple = several(anything());
        Err(Expected::of(
            tuple.min_items(Some(length)).max_items(Some(length)).into(),
        ))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Expected> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Expected> {
        Err(Expected::of(object()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Expected> {
        Err(Expected {
            words: Some(variants),
            ..Expected::of(one_of(variants.iter().copied()))
        })
    }
}

/// Asks for one element of a sequence.
struct Elements(Option<Asking>);

impl<'de> SeqAccess<'de> for Elements {
    type Error = Expected;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        element: T,
    ) -> Result<Option<T::Value>, Expected> {
        let asking = self.0.take();
        asking.map(|asking| element.deserialize(asking)).transpose()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn json(schema: RefOr<Schema>) -> serde_json::Value {
        serde_json::to_value(schema).unwrap()
    }

    #[test]
    fn a_type_is_asked_what_it_reads() {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[allow(dead_code)]
        enum Kind {
            Router,
            Switch,
        }
        #[derive(serde::Deserialize)]
        #[allow(dead_code)]
        struct Name(String);

        let whole = serde_json::json!({"type": "integer", "format": "int32"});
        assert_eq!(json(schema::<i32>()), whole);
        assert_eq!(json(schema::<Option<i32>>()), whole);
        assert_eq!(
            json(schema::<Name>()),
            serde_json::json!({"type": "string"})
        );
        let words = serde_json::json!({"type": "string", "enum": ["router", "switch"]});
        assert_eq!(json(schema::<Kind>()), words);
        let texts = serde_json::json!({"type": "array", "items": {"type": "string"}});
        assert_eq!(json(schema::<Vec<String>>()), texts);
        assert_eq!(json(schema::<serde_json::Value>()), serde_json::json!({}));
    }

    #[test]
    fn what_no_list_of_words_describes_is_anything() {
        #[derive(serde::Deserialize)]
        #[allow(dead_code)]
        enum Shape {
            Circle { radius: f64 },
            Nothing,
        }
        #[derive(serde::Deserialize)]
        #[allow(dead_code)]
        enum Open {
            Known,
            #[serde(other)]
            Other,
        }
        #[derive(serde::Deserialize)]
        #[allow(dead_code)]
        struct Tree(Vec<Tree>);
        #[derive(serde::Deserialize)]
        #[allow(dead_code)]
        struct Next(Option<Box<Next>>);

        /// Whatever it is: nothing.
        struct Lenient;
        impl<'de> serde::Deserialize<'de> for Lenient {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let _ = i32::deserialize(from);
                Ok(Lenient)
            }
        }

        let anything = serde_json::json!({});
        assert_eq!(json(schema::<Shape>()), anything);
        assert_eq!(json(schema::<Open>())["type"], "string");
        assert_eq!(json(schema::<Open>()).get("enum"), None);
        assert_eq!(json(schema::<Next>()), anything);
        assert_eq!(json(schema::<Tree>())["type"], "array");
        let list = serde_json::json!({"type": "array", "items": {}});
        assert_eq!(json(schema::<Vec<Shape>>()), list);
        assert_eq!(json(schema::<Vec<Lenient>>()), anything);
    }
}
