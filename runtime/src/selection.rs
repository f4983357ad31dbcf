//! What is selected from a query: whole models, an own selection, or more than that.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::dsl;
use diesel::dsl::AsSelect;
use diesel::expression::{Expression, IntoSql, Selectable, SelectableHelper};
use diesel::query_dsl::methods::SelectDsl;

use crate::model::OrgScoped;
use crate::standing::StandingOf;

/// Rows are whole models (or tuples of them), selected by `Selectable`.
#[derive(Debug)]
pub struct Whole<T>(PhantomData<fn() -> T>);

impl<T> Whole<T> {
    pub(crate) fn new() -> Self {
        Whole(PhantomData)
    }
}

impl<T> Clone for Whole<T> {
    fn clone(&self) -> Self {
        Whole::new()
    }
}

/// Rows are what the query's own `select` says.
#[derive(Clone, Debug)]
pub struct Chosen;

/// Rows are the number one: whether there are any.
#[derive(Clone, Debug)]
pub struct Ones;

impl Yields<i32> for Ones {
    const EMPTY_IS_EMPTY: bool = true;
}

type One = dsl::AsExprOf<i32, diesel::sql_types::Integer>;

impl<Q, DB> Selects<Q, DB> for Ones
where
    DB: Backend,
    Q: SelectDsl<One>,
{
    type Query = dsl::Select<Q, One>;

    fn select(self, query: Q) -> Self::Query {
        query.select(1.into_sql::<diesel::sql_types::Integer>())
    }
}

/// Rows are whole models, each with the caller's standing to it.
#[derive(Debug)]
pub struct Judged<M: OrgScoped>(pub(crate) StandingOf<M>);

/// What rows are loaded as.
pub trait Yields<U> {
    /// Whether no row means that the query yields nothing; an own `select` may be an aggregate, which yields a row always.
    const EMPTY_IS_EMPTY: bool;
}

impl<T> Yields<T> for Whole<T> {
    const EMPTY_IS_EMPTY: bool = true;
}

impl<U> Yields<U> for Chosen {
    const EMPTY_IS_EMPTY: bool = false;
}

/// What is selected from `Q` on the database `DB`.
pub trait Selects<Q, DB: Backend> {
    /// The query with its selection.
    type Query;

    /// Adds the selection.
    fn select(self, query: Q) -> Self::Query;
}

impl<T, Q, DB> Selects<Q, DB> for Whole<T>
where
    DB: Backend,
    T: Selectable<DB>,
    AsSelect<T, DB>: Expression,
    Q: SelectDsl<AsSelect<T, DB>>,
{
    type Query = dsl::Select<Q, AsSelect<T, DB>>;

    fn select(self, query: Q) -> Self::Query {
        query.select(T::as_select())
    }
}

impl<Q, DB: Backend> Selects<Q, DB> for Chosen {
    type Query = Q;

    fn select(self, query: Q) -> Q {
        query
    }
}

impl<M, Q, DB> Selects<Q, DB> for Judged<M>
where
    DB: Backend,
    M: OrgScoped + Selectable<DB>,
    (AsSelect<M, DB>, StandingOf<M>): Expression,
    Q: SelectDsl<(AsSelect<M, DB>, StandingOf<M>)>,
{
    type Query = dsl::Select<Q, (AsSelect<M, DB>, StandingOf<M>)>;

    fn select(self, query: Q) -> Self::Query {
        query.select((M::as_select(), self.0))
    }
}

/// Rows are whole models, each with columns beside it.
#[derive(Debug)]
pub struct WithColumns<M, C> {
    columns: C,
    model: PhantomData<fn() -> M>,
}

impl<M, C> WithColumns<M, C> {
    pub(crate) fn new(columns: C) -> Self {
        let model = PhantomData;
        WithColumns { columns, model }
    }
}

impl<M, C, Q, DB> Selects<Q, DB> for WithColumns<M, C>
where
    DB: Backend,
    M: Selectable<DB>,
    (AsSelect<M, DB>, C): Expression,
    Q: SelectDsl<(AsSelect<M, DB>, C)>,
{
    type Query = dsl::Select<Q, (AsSelect<M, DB>, C)>;

    fn select(self, query: Q) -> Self::Query {
        query.select((M::as_select(), self.columns))
    }
}
