//! The fields of a body, as derived code asks for them.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

#[cfg(feature = "openapi")]
use utoipa::openapi::{RefOr, schema};

use super::{Body, Malformed, Raw, read, relation_name};
use crate::field_errors::codes;
use crate::key::Key;
#[cfg(feature = "openapi")]
use crate::openapi::{field, input, kinds};
use crate::write::{Options, Report, Writes};

#[cfg(feature = "openapi")]
type Schema = RefOr<schema::Schema>;

/// How many keys a relation with many rows may be given: each is looked up, and databases bind only so many.
const MOST_KEYS: usize = 200;

/// The fields of a body, as the derived code reads them.
pub struct Fields<'a> {
    given: Vec<(&'a str, Raw<'a>)>,
    names: fn(&str) -> Option<&'static str>,
    options: Options,
    known: Vec<String>,
    report: Report,
    /// Which fields are asked for, where the documentation wants to know.
    #[cfg(feature = "openapi")]
    asked: Option<Vec<Asked>>,
}

/// A field that an input asks for.
#[cfg(feature = "openapi")]
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    pub(crate) schema: Schema,
    /// It is an object.
    pub(crate) is_nested: bool,
    pub(crate) is_required: bool,
    pub(crate) may_be_null: bool,
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
    pub(super) fn new<T: Writes>(given: Vec<(&'a str, Raw<'a>)>) -> Fields<'a> {
        Fields {
            given,
            names: relation_name::<T::Model>,
            options: T::OPTIONS,
            known: Vec::new(),
            report: Report::default(),
            #[cfg(feature = "openapi")]
            asked: None,
        }
    }

    /// What is wrong, when every field has been asked for.
    pub(super) fn finish(mut self) -> Report {
        self.refuse_others();
        self.report
    }

    /// What an input asks a body for. It is shown an empty one and one of nulls: what it misses is required, what it refuses cannot be null.
    #[cfg(feature = "openapi")]
    pub(crate) fn asked<T: Writes>() -> Vec<Asked> {
        let mut fields = Fields::new::<T>(Vec::new());
        fields.asked = Some(Vec::new());
        let _ = T::read(&mut fields);
        let asked = fields.asked.unwrap_or_default();
        let missing = fields.report.errors;
        let nulls = asked.iter().map(|one| (one.name, Raw::Json("null")));
        let (
            _,
            Report {
                errors: refused, ..
            },
        ) = read::<T>(nulls.collect());
        let asked = asked.into_iter().map(|one| Asked {
            is_required: missing.has(one.name),
            may_be_null: !refused.has(one.name),
            ..one
        });
        asked.collect()
    }

    /// Notes that a field is asked for, once.
    #[cfg(feature = "openapi")]
    fn note(&mut self, name: &'static str, is_nested: bool, schema: fn() -> Schema) {
        if let Some(asked) = &mut self.asked
            && asked.iter().all(|known| known.name != name)
        {
            asked.push(Asked {
                name,
                schema: schema(),
                is_nested,
                is_required: false,
                may_be_null: false,
            });
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
        #[cfg(feature = "openapi")]
        self.note(public, false, || {
            kinds::several(field::schema::<T>()).into()
        });
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
        #[cfg(feature = "openapi")]
        self.note(self.public(column), true, || input::schema::<T>().0);
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
        self.report.errors.add(self.public(column), code);
        None
    }

    /// The name of a column in bodies and errors.
    fn public(&self, column: &'static str) -> &'static str {
        let name = self.relation(column).unwrap_or(column);
        self.options.field(column, name)
    }

    fn relation(&self, column: &str) -> Option<&'static str> {
        (self.names)(column)
    }

    fn find<T: DeserializeOwned>(&mut self, column: &'static str) -> Found<T> {
        let relation = self.relation(column);
        let public = self.public(column);
        #[cfg(feature = "openapi")]
        self.note(public, false, field::schema::<T>);
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

impl std::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fields")
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}
