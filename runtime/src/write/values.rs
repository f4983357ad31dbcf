//! The values of an input, column by column, in a list of any length: `(Set<…>, (Set<…>, ()))`.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{AsExpression, Expression, TypedExpressionType};
use diesel::query_builder::QueryFragment;
use diesel::query_source::Column;
use diesel::sql_types::SqlType;

use crate::key::{Key, RowKey};

/// The value of the column `Col`, if the input gives one, as the Diesel expression `E`.
#[derive(Debug)]
pub struct Set<Col, E> {
    value: Option<E>,
    null: bool,
    column: PhantomData<fn() -> Col>,
}

/// [`Set`] for a field of the type `T`.
pub type SetTo<Col, T> = Set<Col, <T as AsExpression<<Col as Expression>::SqlType>>::Expression>;

impl<Col, E> Set<Col, E>
where
    Col: Column<SqlType: SqlType + TypedExpressionType>,
{
    /// A value that is always given.
    pub fn value<T: AsExpression<Col::SqlType, Expression = E>>(value: T) -> Self {
        Self::maybe(Some(value))
    }

    /// A value that may be left out.
    pub fn maybe<T: AsExpression<Col::SqlType, Expression = E>>(value: Option<T>) -> Self {
        Set {
            value: value.map(AsExpression::as_expression),
            null: false,
            column: PhantomData,
        }
    }

    /// A value that may be left out, and may be NULL.
    pub fn nullable<T>(value: Option<Option<T>>) -> Self
    where
        Option<T>: AsExpression<Col::SqlType, Expression = E>,
    {
        let null = matches!(value, Some(None));
        Set {
            null,
            ..Self::maybe(value)
        }
    }
}

/// The keys of a relation with many rows, if the input gives them.
#[derive(Debug)]
pub struct Many {
    name: &'static str,
    keys: Option<Vec<RowKey>>,
}

impl Many {
    /// The keys under the name of their relation.
    pub fn keys<T: Key>(name: &'static str, keys: Option<Vec<T>>) -> Many {
        let mut keys: Option<Vec<RowKey>> =
            keys.map(|keys| keys.iter().map(Key::user_id).collect());
        if let Some(keys) = &mut keys {
            let mut seen = std::collections::HashSet::new();
            keys.retain(|key| seen.insert(key.clone()));
        }
        Many { name, keys }
    }
}

/// Whether a column is given as NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It is NULL.
    Null,
    /// It has a value.
    Value,
}

/// What a list of values gives, whatever the database.
pub trait Columns {
    /// Names the columns that are given.
    fn columns(&self, each: &mut dyn FnMut(&'static str, Given));

    /// Names the relations with many rows that are given, with their keys.
    fn many(&self, each: &mut dyn FnMut(&'static str, &[RowKey]));
}

/// The values of a list on the database `DB`.
pub trait Values<DB: Backend>: Columns {
    /// The value of a column, if it is given.
    fn value(&self, column: &str) -> Option<&dyn QueryFragment<DB>>;
}

impl Columns for () {
    fn columns(&self, _: &mut dyn FnMut(&'static str, Given)) {}
    fn many(&self, _: &mut dyn FnMut(&'static str, &[RowKey])) {}
}

impl<DB: Backend> Values<DB> for () {
    fn value(&self, _: &str) -> Option<&dyn QueryFragment<DB>> {
        None
    }
}

impl<Col: Column, E, Rest: Columns> Columns for (Set<Col, E>, Rest) {
    fn columns(&self, each: &mut dyn FnMut(&'static str, Given)) {
        match (&self.0.value, self.0.null) {
            (None, _) => {}
            (Some(_), true) => each(Col::NAME, Given::Null),
            (Some(_), false) => each(Col::NAME, Given::Value),
        }
        self.1.columns(each);
    }

    fn many(&self, each: &mut dyn FnMut(&'static str, &[RowKey])) {
        self.1.many(each);
    }
}

impl<Col: Column, E: QueryFragment<DB>, Rest: Values<DB>, DB: Backend> Values<DB>
    for (Set<Col, E>, Rest)
{
    fn value(&self, column: &str) -> Option<&dyn QueryFragment<DB>> {
        match &self.0.value {
            Some(value) if Col::NAME == column => Some(value),
            _ => self.1.value(column),
        }
    }
}

impl<Rest: Columns> Columns for (Many, Rest) {
    fn columns(&self, each: &mut dyn FnMut(&'static str, Given)) {
        self.1.columns(each);
    }

    fn many(&self, each: &mut dyn FnMut(&'static str, &[RowKey])) {
        if let Some(keys) = &self.0.keys {
            each(self.0.name, keys);
        }
        self.1.many(each);
    }
}

impl<Rest: Values<DB>, DB: Backend> Values<DB> for (Many, Rest) {
    fn value(&self, column: &str) -> Option<&dyn QueryFragment<DB>> {
        self.1.value(column)
    }
}
