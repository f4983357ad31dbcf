//! Reading query strings.

use std::marker::PhantomData;

use super::value::{Value, ValueKind, boolean};
use super::{By, Condition, Filters, Lookup, ORDERING, OrgFilter, SEARCH, What};
use crate::field_errors::{FieldErrors, codes};
use crate::key::{Key, RowKey};
use crate::model::OrgScoped;
use crate::relation::Relation;

/// The parameters of pages, which every list understands.
const PAGES: &[&str] = &["page", "page_size", "cursor"];
/// How many values a parameter may have: databases bind only so many.
const MOST_VALUES: usize = 200;

impl<F: OrgFilter> Filters<F> {
    /// What a query string asks. Mistakes are kept, and told by what loads the list.
    pub fn read(query: &str) -> Filters<F> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let mut filters = Filters {
            conditions: Vec::new(),
            order: Vec::new(),
            errors: FieldErrors::none(),
            filter: PhantomData,
        };
        let mut known: Vec<String> = Vec::new();
        for parameter in F::PARAMETERS {
            match parameter.by {
                By::Column {
                    column,
                    kind,
                    lookups,
                } => {
                    for (at, lookup) in lookups.iter().enumerate() {
                        let name = lookup.parameter(parameter.name, at);
                        filters.column(&name, column, kind, *lookup, &pairs);
                        known.push(name);
                    }
                }
                by => {
                    filters.related(parameter.name, by, &values(&pairs, parameter.name));
                    known.push(parameter.name.to_owned());
                }
            }
        }
        filters.order(&pairs);
        filters.search(&pairs);
        if F::DENY_UNKNOWN {
            for (name, _) in &pairs {
                let builtin = [ORDERING, SEARCH].contains(&name.as_str());
                if !builtin && !PAGES.contains(&name.as_str()) && !known.contains(name) {
                    filters.errors.add(name.clone(), codes::UNKNOWN);
                }
            }
        }
        filters
    }

    fn add(&mut self, parameter: &str, what: What) {
        let parameter = parameter.to_owned();
        self.conditions.push(Condition { parameter, what });
    }

    fn related(&mut self, name: &str, by: By, values: &[&str]) {
        let relation = |wanted: &str| F::Model::RELATIONS.iter().find(|one| one.name == wanted);
        let last = values.last().copied().unwrap_or_default();
        let organization = |text: &str| organization_key::<F>(text);
        match by {
            By::Column { .. } => {}
            By::Organization | By::Slug | By::RelatedOrganization(_) if last.is_empty() => {}
            By::Slug if last.contains('\0') => self.errors.add(name, codes::INVALID),
            By::Slug => self.add(name, What::Slug(last.to_owned())),
            By::Organization => match organization(last) {
                Some(key) => self.add(name, What::Organization(key)),
                None => self.errors.add(name, codes::INVALID_CHOICE),
            },
            By::RelatedOrganization(wanted) => match (relation(wanted), organization(last)) {
                (Some(relation), Some(key)) => {
                    self.add(name, What::RelatedOrganization(relation, key));
                }
                _ => self.errors.add(name, codes::INVALID_CHOICE),
            },
            By::Relation(wanted) => {
                if let Some(relation) = relation(wanted) {
                    self.relation(name, relation, values);
                }
            }
        }
    }

    fn relation(&mut self, name: &str, relation: &'static Relation, values: &[&str]) {
        // One row: the last value counts, and an empty one is none. Many rows: each value counts.
        let values = match (relation.through.is_some(), values.last()) {
            (_, None) => return,
            (false, Some(&"")) => return,
            (false, Some(last)) => std::slice::from_ref(last),
            (true, Some(_)) => values,
        };
        let keys: Option<Vec<RowKey>> = values.iter().map(|text| (relation.parse)(text)).collect();
        match keys {
            Some(keys) if keys.len() <= MOST_VALUES => {
                self.add(name, What::Relation(relation, keys));
            }
            _ => self.errors.add(name, codes::INVALID_CHOICE),
        }
    }

    fn column(
        &mut self,
        name: &str,
        column: &'static str,
        kind: ValueKind,
        lookup: Lookup,
        pairs: &[(String, String)],
    ) {
        let Some(text) = values(pairs, name)
            .last()
            .copied()
            .filter(|text| !text.is_empty())
        else {
            return;
        };
        let texts: Vec<&str> = match lookup {
            Lookup::In | Lookup::Range => text.split(',').map(str::trim).collect(),
            _ => vec![text],
        };
        let parsed: Option<Vec<Value>> = match lookup {
            Lookup::Isnull => boolean(text).map(|null| vec![Value::Bool(null)]),
            _ => texts.iter().map(|text| Value::parse(kind, text)).collect(),
        };
        let enough = |values: &Vec<Value>| match lookup {
            Lookup::Range => values.len() == 2,
            _ => values.len() <= MOST_VALUES,
        };
        match parsed.filter(enough) {
            Some(values) => self.add(
                name,
                What::Column {
                    column,
                    lookup,
                    values,
                },
            ),
            None => self.errors.add(name, codes::INVALID),
        }
    }

    fn order(&mut self, pairs: &[(String, String)]) {
        if F::ORDER.is_empty() {
            return;
        }
        let asked = values(pairs, ORDERING).last().copied().unwrap_or_default();
        for name in asked
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let (name, down) = match name.strip_prefix('-') {
                Some(name) => (name, true),
                None => (name, false),
            };
            match F::ORDER.iter().find(|(known, _)| *known == name) {
                Some((_, column)) if self.order.iter().any(|(other, _)| other == column) => {}
                Some((_, column)) => self.order.push((column, down)),
                None => self.errors.add(ORDERING, codes::INVALID_CHOICE),
            }
        }
    }

    fn search(&mut self, pairs: &[(String, String)]) {
        if F::SEARCH.is_empty() {
            return;
        }
        let asked = values(pairs, SEARCH).last().copied().unwrap_or_default();
        if asked.contains('\0') {
            return self.errors.add(SEARCH, codes::INVALID);
        }
        let words: Vec<String> = asked.split_whitespace().map(str::to_owned).collect();
        if words.len() > MOST_VALUES {
            return self.errors.add(SEARCH, codes::INVALID);
        }
        if !words.is_empty() {
            let columns = F::SEARCH;
            self.add(SEARCH, What::Search { columns, words });
        }
    }
}

fn values<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let of_name = pairs.iter().filter(|(given, _)| given == name);
    of_name.map(|(_, value)| value.as_str()).collect()
}

/// The key of an organization in the text of a query string.
fn organization_key<F: OrgFilter>(text: &str) -> Option<RowKey> {
    <<F::Model as OrgScoped>::OrgKey as Key>::parse(text)
}
