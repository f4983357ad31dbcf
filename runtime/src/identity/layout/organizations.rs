//! The table of organizations.

use std::marker::PhantomData;

use diesel::expression::Expression;
use diesel::query_source::Column;
use diesel::sql_types::{Bool, Text};

use super::view::{ColumnOf, NamedOnce, Plain, Table, Value, View};
use crate::key::Key;

/// The table of organizations of a service, with keys `K`.
#[derive(Debug)]
pub struct Organizations<K> {
    view: Plain,
    key: PhantomData<fn() -> K>,
}

impl<K: Key> Organizations<K> {
    /// The table with these columns: the key, the short name in query strings, and whether the organization is enabled.
    pub const fn new<Id, Slug, Active>(id: Id, slug: Slug, is_active: Active) -> Self
    where
        Id: Column<Table: NamedOnce> + Expression<SqlType = K::SqlType> + Copy,
        Slug: ColumnOf<Id::Table, Text>,
        Active: ColumnOf<Id::Table, Bool>,
    {
        let _ = (slug, is_active);
        Organizations {
            view: Plain::new(Table::of(id))
                .with("id", Value::Column(Id::NAME))
                .with("slug", Value::Column(Slug::COLUMN))
                .with("is_active", Value::Column(Active::COLUMN)),
            key: PhantomData,
        }
    }

    pub(super) const fn view(self) -> View {
        View::Plain(self.view)
    }
}
