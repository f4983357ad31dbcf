//! What the derive says about the foreign keys of a model, as data that a query fragment can write in any dialect.

use std::any::TypeId;

use diesel::query_source::{Column, Table};

use crate::key::RowKey;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::table_name::TableName;

/// A foreign key of a model, or a table that joins it with another model.
#[derive(Clone, Copy)]
pub struct Relation {
    /// Its name, as a path and a filter have it: `category`.
    pub name: &'static str,
    /// The column of the model that holds the key, `category_id`; of the model's own key in a join table.
    pub column: &'static str,
    /// The column that it refers to.
    pub(crate) key: &'static str,
    /// How a row of the other model reaches its organization; the other model's table.
    pub(crate) path: Path,
    /// The column by which forms name a row of the other model.
    #[cfg_attr(not(feature = "browsable"), allow(dead_code))]
    pub(crate) label: Option<&'static str>,
    /// The other model's own organization column, if it has one.
    pub(crate) organization: Option<Organization>,
    /// The key that a text stands for.
    pub(crate) parse: fn(&str) -> Option<RowKey>,
    /// The table of the other model.
    pub(crate) table: fn() -> TypeId,
    /// The join table of a relation with many rows.
    pub(crate) through: Option<Through>,
}

/// A join table: its name, the column of the model's key, and that of the other model's.
#[derive(Clone, Copy)]
pub(crate) struct Through {
    pub(crate) table: &'static dyn TableName,
    pub(crate) row: &'static str,
    pub(crate) target: &'static str,
}

/// A model's own organization column.
#[derive(Clone, Copy, Debug)]
pub struct Organization {
    /// Its name, as a path and a filter have it: `organization`.
    pub name: &'static str,
    /// The column: `organization_id`.
    pub column: &'static str,
}

/// Rows elsewhere that pin a model's row to its organization while they refer to it.
#[derive(Clone, Copy)]
pub struct Dependent {
    pub(crate) table: &'static dyn TableName,
    pub(crate) column: &'static str,
    pub(crate) key: &'static str,
}

impl Relation {
    /// The relation from a column of a model to the column `Key` of the model `N`.
    pub const fn one<N: OrgScoped, Key: Column>(
        name: &'static str,
        column: &'static str,
        parse: fn(&str) -> Option<RowKey>,
    ) -> Self {
        Relation {
            name,
            column,
            parse,
            key: Key::NAME,
            path: N::PATH,
            label: N::LABEL,
            organization: N::ORGANIZATION,
            table: TypeId::of::<N::Table>,
            through: None,
        }
    }

    /// The relation with many rows of the model `N` over a join table, whose columns refer to the primary keys of `M` and `N`.
    pub const fn many<M: OrgScoped, N: OrgScoped>(
        name: &'static str,
        table: &'static dyn TableName,
        row: &'static str,
        target: &'static str,
        parse: fn(&str) -> Option<RowKey>,
    ) -> Self
    where
        <M::Table as Table>::PrimaryKey: Column,
        <N::Table as Table>::PrimaryKey: Column,
    {
        let column = <<M::Table as Table>::PrimaryKey as Column>::NAME;
        Relation {
            through: Some(Through { table, row, target }),
            ..Relation::one::<N, <N::Table as Table>::PrimaryKey>(name, column, parse)
        }
    }
}

impl Relation {
    /// How its row reaches the organization, seen from rows that reach theirs by this path; and whether that path goes through
    /// the relation, whose row counts by what is left of it then.
    pub(crate) fn seen_from(&self, path: Path) -> (Path, bool) {
        match path.route {
            Route::Hop { column, rest, .. } if *column == self.column && self.through.is_none() => {
                let route = rest;
                (Path { route, ..self.path }, true)
            }
            _ => (self.path, false),
        }
    }
}

impl Dependent {
    /// The rows of a table whose `column` refers to the primary key of `M`.
    pub const fn new<M: OrgScoped>(table: &'static dyn TableName, column: &'static str) -> Self
    where
        <M::Table as Table>::PrimaryKey: Column,
    {
        let key = <<M::Table as Table>::PrimaryKey as Column>::NAME;
        Dependent { table, column, key }
    }
}

impl std::fmt::Debug for Dependent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dependent")
            .field("column", &self.column)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Relation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relation")
            .field("name", &self.name)
            .field("column", &self.column)
            .finish_non_exhaustive()
    }
}

/// Whether a model has a relation of a name, with one row or with many.
pub const fn has_relation<M: OrgScoped>(name: &str, many: bool) -> bool {
    let mut at = 0;
    while at < M::RELATIONS.len() {
        if M::RELATIONS[at].through.is_some() == many && same(M::RELATIONS[at].name, name) {
            return true;
        }
        at += 1;
    }
    false
}

/// `==` for texts, at compile time.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
