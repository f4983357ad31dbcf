//! Bodies of requests, read field by field, so that all mistakes are told at once.

use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::field_errors::{FieldErrors, codes};
use crate::key::Key;
use crate::model::OrgScoped;
use crate::write::{Input, Options, Report, Writes};

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
    fields.refuse_others();
    (read, fields.report)
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

/// How many keys a relation with many rows may be given: each is looked up, and databases bind only so many.
const MOST_KEYS: usize = 200;

/// The fields of a body, as the derived code reads them.
pub struct Fields<'a> {
    given: Vec<(&'a str, Raw<'a>)>,
    names: fn(&str) -> Option<&'static str>,
    options: Options,
    known: Vec<String>,
    report: Report,
}

/// What was found of one field.
enum Found<T> {
    Absent,
    Null,
    Value(T),
    /// It is told already.
    Wrong,
}

impl<'a> Fields<'a> {
    fn new<T: Writes>(given: Vec<(&'a str, Raw<'a>)>) -> Fields<'a> {
        Fields {
            given,
            names: relation_name::<T::Model>,
            options: T::OPTIONS,
            known: Vec::new(),
            report: Report::default(),
        }
    }

    /// A value that has to be given.
    pub fn required<T: DeserializeOwned>(&mut self, column: &'static str) -> Option<T> {
        let code = match self.find(column) {
            Found::Value(value) => return Some(value),
            Found::Wrong => return None,
            Found::Null => codes::NULL,
            Found::Absent => codes::REQUIRED,
        };
        self.refuse(column, code)
    }

    /// A value that may be left out or null: the column has its default then.
    pub fn optional<T: DeserializeOwned>(&mut self, column: &'static str) -> Option<Option<T>> {
        match self.find(column) {
            Found::Value(value) => Some(Some(value)),
            Found::Wrong => None,
            Found::Null => {
                self.report.nulls.push(column);
                Some(None)
            }
            Found::Absent => Some(None),
        }
    }

    /// A change: the value stays if it is left out.
    pub fn change<T: DeserializeOwned>(&mut self, column: &'static str) -> Option<Option<T>> {
        match self.find(column) {
            Found::Value(value) => Some(Some(value)),
            Found::Wrong => None,
            Found::Null => self.refuse(column, codes::NULL),
            Found::Absent => Some(None),
        }
    }

    /// A value that has to be given, and may be null.
    pub fn nullable<T: DeserializeOwned>(&mut self, column: &'static str) -> Option<Option<T>> {
        match self.find(column) {
            Found::Value(value) => Some(Some(value)),
            Found::Wrong => None,
            Found::Null => Some(None),
            Found::Absent => self.refuse(column, codes::REQUIRED),
        }
    }

    /// A change of what may be null.
    pub fn change_or_null<T: DeserializeOwned>(
        &mut self,
        column: &'static str,
    ) -> Option<Option<Option<T>>> {
        match self.find(column) {
            Found::Value(value) => Some(Some(Some(value))),
            Found::Wrong => None,
            Found::Null => Some(Some(None)),
            Found::Absent => Some(None),
        }
    }

    /// The keys of a relation with many rows, if they are given: an array, or a form's field as often as there are keys.
    pub fn many<T: DeserializeOwned + Key>(
        &mut self,
        name: &'static str,
    ) -> Option<Option<Vec<T>>> {
        let public = self.options.field(name, name);
        self.known.push(public.to_owned());
        let given = self.given.iter().filter(|(field, _)| *field == public);
        let given: Vec<Raw<'_>> = given.map(|(_, raw)| *raw).collect();
        let keys = match given.as_slice() {
            [] => return Some(None),
            [Raw::Json(_), Raw::Json(_), ..] => return self.refuse(name, codes::DUPLICATE),
            [json @ Raw::Json(_)] if json.is_null() => return self.refuse(name, codes::NULL),
            [json @ Raw::Json(_)] => json.decode(),
            texts => {
                let texts = texts.iter().filter(|raw| !raw.is_empty());
                texts.map(|raw| raw.decode()).collect()
            }
        };
        match keys.filter(|keys: &Vec<T>| keys.len() <= MOST_KEYS) {
            Some(keys) => Some(Some(keys)),
            None => self.refuse(name, codes::INVALID),
        }
    }

    /// A row that is to be inserted before.
    pub fn nested<T: Writes>(&mut self, column: &'static str) -> Option<Result<T, T::Values>> {
        let found = self.find::<Box<RawValue>>(column);
        let code = match found {
            Found::Value(object) => match Body::json(object.get().as_bytes()) {
                Ok(body) => {
                    let (read, report) = read::<T>(body.fields());
                    self.report.nested.push((column, report));
                    return Some(read);
                }
                Err(Malformed) => codes::INVALID,
            },
            Found::Wrong => return None,
            Found::Null => codes::NULL,
            Found::Absent => codes::REQUIRED,
        };
        self.refuse(column, code)
    }

    fn refuse<T>(&mut self, column: &'static str, code: &'static str) -> Option<T> {
        let name = self
            .options
            .field(column, self.relation(column).unwrap_or(column));
        self.report.errors.add(name, code);
        None
    }

    fn relation(&self, column: &str) -> Option<&'static str> {
        (self.names)(column)
    }

    fn find<T: DeserializeOwned>(&mut self, column: &'static str) -> Found<T> {
        let relation = self.relation(column);
        let public = self.options.field(column, relation.unwrap_or(column));
        // A relation is also known by its column, as the rows that are answered show it.
        let renamed = relation.is_none_or(|relation| relation != public);
        let mut given = self
            .given
            .iter()
            .filter(|(field, _)| *field == public || (!renamed && *field == column));
        let first = given.next().map(|(_, raw)| *raw);
        let again = given.next().is_some();
        self.known.push(public.to_owned());
        if !renamed {
            self.known.push(column.to_owned());
        }
        if again {
            self.report.errors.add(public, codes::DUPLICATE);
            return Found::Wrong;
        }
        let Some(raw) = first else {
            return Found::Absent;
        };
        if raw.is_null() || (raw.is_empty() && relation.is_some()) {
            return Found::Null;
        }
        match raw.decode() {
            Some(value) => Found::Value(value),
            None if raw.is_empty() => Found::Null,
            None => {
                self.report.errors.add(public, codes::INVALID);
                Found::Wrong
            }
        }
    }

    /// What nobody asked for is an error, so that a misspelt field is not lost in silence.
    fn refuse_others(&mut self) {
        for (field, _) in &self.given {
            let ignored = self.options.ignored.contains(field);
            if !ignored && !self.known.iter().any(|known| known == field) {
                self.report.errors.add(*field, codes::UNKNOWN);
            }
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

impl std::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fields")
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}
