//! Bodies of requests, read field by field, so that all mistakes are told at once.

mod fields;
#[cfg(test)]
mod tests;

use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

#[cfg(feature = "openapi")]
pub(crate) use fields::Asked;
pub use fields::Fields;

use crate::field_errors::{FieldErrors, codes};
use crate::model::OrgScoped;
use crate::write::{Input, Report, Writes};

/// A body: an object in JSON, or a form. The fields are in the order in which they were given, and there may be two of one
/// name.
#[derive(Debug)]
pub enum Body {
    /// `application/json`.
    Json(Vec<(String, Box<RawValue>)>),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, String)>),
}

/// A body that is none of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not a JSON object")]
pub struct Malformed;

impl Body {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`Malformed`] for what is no JSON, or no object.
    pub fn json(bytes: &[u8]) -> Result<Body, Malformed> {
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let fields = deserializer
            .deserialize_map(Entries)
            .map_err(|_| Malformed)?;
        deserializer.end().map_err(|_| Malformed)?;
        Ok(Body::Json(fields))
    }

    /// Reads a form.
    pub fn form(bytes: &[u8]) -> Body {
        Body::Form(form_urlencoded::parse(bytes).into_owned().collect())
    }

    fn fields(&self) -> Vec<(&str, Raw<'_>)> {
        match self {
            Body::Json(fields) => {
                let fields = fields.iter();
                fields
                    .map(|(name, value)| (name.as_str(), Raw::Json(value.get())))
                    .collect()
            }
            Body::Form(fields) => {
                let fields = fields.iter();
                fields
                    .map(|(name, value)| (name.as_str(), Raw::Text(value)))
                    .collect()
            }
        }
    }

    /// A text that has to be given and is not empty; what is wrong with it is added to the errors.
    pub fn text(&self, name: &str, errors: &mut FieldErrors) -> Option<String> {
        let fields = self.fields();
        let mut given = fields.iter().filter(|(field, _)| *field == name);
        let code = match (given.next(), given.next()) {
            (Some(_), Some(_)) => codes::DUPLICATE,
            (None, _) => codes::REQUIRED,
            (Some((_, raw)), None) if raw.is_null() => codes::NULL,
            (Some((_, raw)), None) if raw.is_empty() => codes::BLANK,
            (Some((_, raw)), None) => match raw.decode() {
                Some(text) => return Some(text),
                None => codes::INVALID,
            },
        };
        errors.add(name, code);
        None
    }

    /// The input that the body is.
    pub fn read<T: Writes>(&self) -> Input<T> {
        let (read, report) = read(self.fields());
        Input { read, report }
    }
}

fn read<T: Writes>(given: Vec<(&str, Raw<'_>)>) -> (Result<T, T::Values>, Report) {
    let mut fields = Fields::new::<T>(given);
    let read = T::read(&mut fields);
    (read, fields.finish())
}

/// Reads an object as a list, which keeps what is given twice.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, Box<RawValue>)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

#[derive(Clone, Copy)]
enum Raw<'a> {
    Json(&'a str),
    Text(&'a str),
}

impl Raw<'_> {
    fn is_null(self) -> bool {
        matches!(self, Raw::Json("null"))
    }

    fn is_empty(self) -> bool {
        matches!(self, Raw::Json("\"\"") | Raw::Text(""))
    }

    fn decode<T: DeserializeOwned>(self) -> Option<T> {
        match self {
            // No database has a NUL in a text.
            Raw::Json(json) if json.contains("\\u0000") => None,
            Raw::Text(text) if text.contains('\0') => None,
            Raw::Json(json) => serde_json::from_str(json).ok(),
            Raw::Text(text) => serde_plain::from_str(text).ok(),
        }
    }
}

/// The name of a column in the bodies and errors of an input.
pub(crate) fn public_name<T: Writes>(column: &'static str) -> &'static str {
    let relation = relation_name::<T::Model>(column);
    T::OPTIONS.field(column, relation.unwrap_or(column))
}

/// The name of the relation, or of the organization, that a column is.
fn relation_name<M: OrgScoped>(column: &str) -> Option<&'static str> {
    let organization = M::ORGANIZATION.filter(|organization| organization.column == column);
    let mut relations = M::RELATIONS.iter().filter(|one| one.through.is_none());
    let relation = relations.find(|relation| relation.column == column);
    organization
        .map(|organization| organization.name)
        .or(relation.map(|relation| relation.name))
}
