//! A row that is inserted before another, and that the other refers to.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::query_source::Column;
use diesel::result::QueryResult;

use super::input::{OrgInput, Report, Writes};
use super::insert::{before, insert_values};
use super::insert_into::Inserts;
use super::links::Links;
use super::values::{Columns, Given, Many, Set, Values};
use super::wanted::Wanted;
use crate::connection::Kind;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::key::{Key, RowKey};
use crate::model::{Keyed, OrgScoped};
use crate::scoped::Bounds;

/// The input of a row that the column `Col` is going to refer to.
pub struct Nested<Col, I: Writes> {
    values: Option<I::Values>,
    key: Option<KeyValue>,
    column: PhantomData<fn() -> Col>,
}

impl<Col, I: Writes> Nested<Col, I> {
    /// A whole input.
    pub fn whole(input: I) -> Self {
        Self::read(Some(Ok(input)))
    }

    /// What could be read of one.
    pub fn read(input: Option<Result<I, I::Values>>) -> Self {
        let values = input.map(|input| input.map_or_else(|values| values, I::values));
        Nested {
            values,
            key: None,
            column: PhantomData,
        }
    }
}

impl<Col, I: Writes> std::fmt::Debug for Nested<Col, I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Nested")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A key as a value.
#[derive(Debug)]
struct KeyValue(RowKey);

impl<DB: Dialect> QueryFragment<DB> for KeyValue {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::user(&self.0, out)
    }
}

impl<Col: Column, I: Writes, Rest: Columns> Columns for (Nested<Col, I>, Rest) {
    fn columns(&self, each: &mut dyn FnMut(&'static str, Given)) {
        if self.0.key.is_some() {
            each(Col::NAME, Given::Value);
        }
        self.1.columns(each);
    }

    fn many(&self, each: &mut dyn FnMut(&'static str, &[RowKey])) {
        self.1.many(each);
    }
}

impl<Col: Column, I: Writes, Rest: Values<DB>, DB: Backend + Dialect> Values<DB>
    for (Nested<Col, I>, Rest)
{
    fn value(&self, column: &str) -> Option<&dyn QueryFragment<DB>> {
        match &self.0.key {
            Some(key) if Col::NAME == column => Some(key),
            _ => self.1.value(column),
        }
    }
}

impl<M: OrgScoped, Col, I: Writes, Rest: Links<M>> Links<M> for (Nested<Col, I>, Rest) {
    fn key(&self, row: &M) -> Option<RowKey> {
        self.1.key(row)
    }
}

/// What the row around nested ones knows.
pub struct Around<'a, K> {
    pub(crate) bounds: &'a Bounds<K>,
    /// The name of a column's field.
    pub(crate) name: fn(&'static str) -> &'static str,
}

/// Values of which some may have to be inserted before, for services whose organizations have keys `Org`.
pub trait Before<C, K: Kind, Org>: Sized {
    /// Inserts them. What is wrong with them is added to the report.
    #[doc(hidden)]
    fn before<'c>(
        self,
        around: &'c Around<'c, Org>,
        report: &'c mut Report,
        conn: &'c mut C,
    ) -> K::Answer<'c, Self>
    where
        Self: Send + 'c;
}

impl<C, K: Kind, Org> Before<C, K, Org> for () {
    fn before<'c>(
        self,
        _: &'c Around<'c, Org>,
        _: &'c mut Report,
        _: &'c mut C,
    ) -> K::Answer<'c, ()>
    where
        Self: Send + 'c,
    {
        K::ready(Ok(()))
    }
}

macro_rules! nothing_before {
    ($first:ty, [$($generics:tt)*]) => {
        impl<$($generics)* C, K, Org, Rest> Before<C, K, Org> for ($first, Rest)
        where
            K: Kind,
            $first: Send,
            Rest: Before<C, K, Org> + Send,
        {
            fn before<'c>(
                self,
                around: &'c Around<'c, Org>,
                report: &'c mut Report,
                conn: &'c mut C,
            ) -> K::Answer<'c, Self>
            where
                Self: Send + 'c,
            {
                let (first, rest) = self;
                K::map(rest.before(around, report, conn), |rest| Ok((first, rest?)))
            }
        }
    };
}

nothing_before!(Set<Col, E>, [Col, E,]);
nothing_before!(Many, []);

impl<Col, I, Rest, C, K, Org> Before<C, K, Org> for (Nested<Col, I>, Rest)
where
    Col: Column + 'static,
    I: OrgInput + Writes<Model: OrgScoped<OrgKey = Org>>,
    I::Model: Inserts<C, K, I::Values> + Keyed<Key: Key> + Send,
    I::Values: Links<I::Model> + Before<C, K, Org>,
    Rest: Before<C, K, Org> + Send,
    K: Kind,
    C: Send,
    Org: Key,
{
    fn before<'c>(
        self,
        around: &'c Around<'c, Org>,
        report: &'c mut Report,
        conn: &'c mut C,
    ) -> K::Answer<'c, Self>
    where
        Self: Send + 'c,
    {
        let (nested, rest) = self;
        K::in_turn(async move {
            let mut nested = nested;
            if let Some(values) = nested.values.take() {
                // The permission that the policy asks for is that of the row around.
                let bounds = Bounds {
                    grant: around.bounds.grant.clone(),
                    path: I::Model::PATH,
                    under: None,
                };
                let mut inner = report.nested(Col::NAME);
                let values =
                    before::<C, K, I::Model, I>(&bounds, values, &mut inner, &mut *conn).await?;
                let values = Arc::new(values);
                let inserted = insert_values::<C, K, I::Model, I>(
                    &bounds,
                    values,
                    inner,
                    Wanted::Rows,
                    &mut *conn,
                );
                match inserted.await {
                    Ok(inserted) => {
                        let row = inserted.rows.first();
                        nested.key = row.map(|row| KeyValue(row.key().user_id()));
                    }
                    Err(Error::Invalid(errors)) => {
                        report.errors.nest((around.name)(Col::NAME), errors);
                    }
                    Err(error) => return Err(error),
                }
            }
            let rest = K::wait(rest.before(around, report, conn)).await?;
            Ok((nested, rest))
        })
    }
}
