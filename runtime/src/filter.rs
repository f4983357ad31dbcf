//! Filters in query strings: which parameters a list understands, as data that `#[derive(OrgFilter)]` makes.

mod conditions;
mod parse;
mod scoped;
#[cfg(test)]
mod tests;
pub mod value;

use std::marker::PhantomData;

pub use conditions::{Matching, Ordering};
pub use value::{FilterColumn, ValueKind};

use crate::field_errors::FieldErrors;
use crate::key::RowKey;
use crate::model::OrgScoped;
use crate::relation::{Relation, has_relation};
use diesel::query_source::Column;
use value::Value;

/// What a list can be filtered by. Implemented by `#[derive(OrgFilter)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no filter [org118]",
    note = "derive `OrgFilter` on it: `#[derive(OrgFilter)] #[org_filter(model = Build, fields(organization, version))]`"
)]
pub trait OrgFilter: Send + Sync + 'static {
    /// The model.
    type Model: OrgScoped;
    /// The parameters.
    const PARAMETERS: &'static [Parameter];
    /// The columns that `ordering` may name, and their names there.
    const ORDER: &'static [(&'static str, &'static str)];
    /// The columns that `search` looks into.
    const SEARCH: &'static [&'static str];
    /// Whether parameters that nobody knows are refused.
    const DENY_UNKNOWN: bool;
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it filters by.
    pub by: By,
}

/// What a parameter filters by.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// The organization, by its key.
    Organization,
    /// The organization, by its slug.
    Slug,
    /// A relation with this name, with one row or with many, by the key of the other row.
    Relation(&'static str),
    /// The organization of the row of a relation.
    RelatedOrganization(&'static str),
    /// A column, by these lookups.
    Column {
        /// Its name.
        column: &'static str,
        /// What it holds.
        kind: ValueKind,
        /// Which comparisons there are.
        lookups: &'static [Lookup],
    },
}

/// A comparison. The first of a column has the column's name as parameter, the others `column__lookup`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The same value.
    Exact,
    /// The same text, whatever the case.
    Iexact,
    /// The text is a part.
    Contains,
    /// The text is a part, whatever the case.
    Icontains,
    /// One of several, with commas between them.
    In,
    /// Below.
    Lt,
    /// Below, or the same.
    Lte,
    /// Above.
    Gt,
    /// Above, or the same.
    Gte,
    /// From one to another, both included, with a comma between them.
    Range,
    /// NULL (`true`) or not (`false`).
    Isnull,
}

impl Lookup {
    /// The name, as a parameter ends with it.
    pub const fn name(self) -> &'static str {
        match self {
            Lookup::Exact => "exact",
            Lookup::Iexact => "iexact",
            Lookup::Contains => "contains",
            Lookup::Icontains => "icontains",
            Lookup::In => "in",
            Lookup::Lt => "lt",
            Lookup::Lte => "lte",
            Lookup::Gt => "gt",
            Lookup::Gte => "gte",
            Lookup::Range => "range",
            Lookup::Isnull => "isnull",
        }
    }

    /// The name of its parameter, at this place among the lookups of a column.
    pub(crate) fn parameter(self, column: &str, at: usize) -> String {
        match at {
            0 => column.to_owned(),
            _ => format!("{column}__{}", self.name()),
        }
    }
}

/// The parameter that names the order.
pub(crate) const ORDERING: &str = "ordering";
/// The parameter that is looked for in several columns.
pub(crate) const SEARCH: &str = "search";

/// What stands for a column that a table does not have.
#[derive(Clone, Copy, Debug)]
pub struct NoColumn;

/// A column, or [`NoColumn`].
#[diagnostic::on_unimplemented(
    message = "the column `{Self}` cannot be filtered by a query string [org118]",
    note = "columns of integers, texts, booleans, floating-point numbers and (feature `uuid`) UUIDs can"
)]
pub trait MaybeColumn {
    /// Its name, and what it holds.
    const COLUMN: Option<(&'static str, ValueKind)>;
}

impl MaybeColumn for NoColumn {
    const COLUMN: Option<(&'static str, ValueKind)> = None;
}

#[diagnostic::do_not_recommend]
impl<C: Column<SqlType: FilterColumn>> MaybeColumn for C {
    const COLUMN: Option<(&'static str, ValueKind)> =
        Some((C::NAME, <C::SqlType as FilterColumn>::KIND));
}

/// What a name filters by: a relation of the model, or a column.
///
/// # Panics
/// At compile time, when it is neither, or a relation with lookups.
// Only ever called for constants.
#[allow(clippy::panic)]
#[track_caller]
pub const fn by<F: OrgFilter, C: MaybeColumn>(
    name: &'static str,
    _column: &C,
    lookups: &'static [Lookup],
    message: &'static str,
) -> By {
    if has_relation::<F::Model>(name, false) || has_relation::<F::Model>(name, true) {
        assert!(
            lookups.is_empty(),
            "a relation is filtered by the keys of its rows and has no lookups [org83]"
        );
        return By::Relation(name);
    }
    let mut at = 0;
    while at < lookups.len() {
        let of_texts = matches!(
            lookups[at],
            Lookup::Iexact | Lookup::Contains | Lookup::Icontains
        );
        let text = matches!(C::COLUMN, Some((_, ValueKind::Text)) | None);
        assert!(
            !of_texts || text,
            "`iexact`, `contains` and `icontains` look into columns of texts [org83]"
        );
        at += 1;
    }
    match C::COLUMN {
        Some((column, kind)) => By::Column {
            column,
            kind,
            lookups: match lookups {
                [] => &[Lookup::Exact],
                lookups => lookups,
            },
        },
        None => panic!("{}", message),
    }
}

/// The name of a column of texts.
///
/// # Panics
/// At compile time, for a column of another type.
#[track_caller]
pub const fn text_column<C: Column<SqlType: FilterColumn> + Copy>(_column: C) -> &'static str {
    assert!(
        matches!(<C::SqlType as FilterColumn>::KIND, ValueKind::Text),
        "`search` looks into columns of texts [org83]"
    );
    C::NAME
}

/// What a query string asked of a list: conditions, an order, and what is wrong with it.
pub struct Filters<F> {
    conditions: Vec<Condition>,
    order: Vec<(&'static str, bool)>,
    errors: FieldErrors,
    filter: PhantomData<fn() -> F>,
}

impl<F> Clone for Filters<F> {
    fn clone(&self) -> Self {
        Filters {
            conditions: self.conditions.clone(),
            order: self.order.clone(),
            errors: self.errors.clone(),
            filter: PhantomData,
        }
    }
}

impl<F: OrgFilter> std::fmt::Debug for Filters<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filters")
            .field("model", &F::Model::NAME)
            .field("conditions", &self.conditions.len())
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

/// One condition.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// The parameter.
    parameter: String,
    what: What,
}

impl Condition {
    /// Whether it has any number of values.
    fn is_list(&self) -> bool {
        match &self.what {
            What::Organization(_) | What::Slug(_) | What::RelatedOrganization(..) => false,
            What::Relation(_, keys) => keys.len() > 1,
            What::Column { values, .. } => values.len() > 2,
            What::Search { words, .. } => words.len() > 1,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Organization(RowKey),
    Slug(String),
    Relation(&'static Relation, Vec<RowKey>),
    RelatedOrganization(&'static Relation, RowKey),
    Column {
        column: &'static str,
        lookup: Lookup,
        values: Vec<Value>,
    },
    /// All of the words, each in one of the columns.
    Search {
        columns: &'static [&'static str],
        words: Vec<String>,
    },
}
