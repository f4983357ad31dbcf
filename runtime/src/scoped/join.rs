//! Joins: each joined tenant table brings its own predicate into the `ON` clause.

use diesel::backend::Backend;
use diesel::dsl;
use diesel::expression::{AppearsOnTable, Expression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::{JoinOnDsl, JoinWithImplicitOnClause};
use diesel::query_source::JoinTo;
use diesel::result::QueryResult;
// The kinds of joins have no other public name.
use diesel::internal::table_macro::{Inner, LeftOuter};

use super::{Scoped, Start};
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::selection::Whole;

/// A scoped model with an explicit `ON` condition, made by [`Scoped::on`].
#[derive(Debug)]
pub struct On<N: OrgScoped, E> {
    scope: InScope<N>,
    on: E,
}

/// The whole `ON` clause of a join: the condition between the two tables, and the scope of the joined model.
#[derive(Debug)]
pub struct OnInScope<N: OrgScoped, E> {
    scope: InScope<N>,
    on: E,
}

impl<N: OrgScoped, E: Clone> Clone for OnInScope<N, E> {
    fn clone(&self) -> Self {
        let (scope, on) = (self.scope.clone(), self.on.clone());
        OnInScope { scope, on }
    }
}

impl<N: OrgScoped, E: Expression> Expression for OnInScope<N, E> {
    type SqlType = diesel::sql_types::Bool;
}

impl<N: OrgScoped, E, QS> AppearsOnTable<QS> for OnInScope<N, E>
where
    E: AppearsOnTable<QS>,
    InScope<N>: AppearsOnTable<QS>,
{
}

impl<N: OrgScoped, E: ValidGrouping<()>> ValidGrouping<()> for OnInScope<N, E> {
    type IsAggregate = E::IsAggregate;
}

impl<N: OrgScoped, E> QueryId for OnInScope<N, E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<N: OrgScoped, E, DB: Backend> QueryFragment<DB> for OnInScope<N, E>
where
    E: QueryFragment<DB>,
    InScope<N>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.on.walk_ast(out.reborrow())?;
        out.push_sql(") AND (");
        self.scope.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// What a [`Scoped`] can be joined with: another fresh `Scoped`, or one with [`Scoped::on`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be joined here: a join takes the `Scoped<_>` of the other model [org116]",
    note = "an unscoped table in a join would show every tenant's rows; a model without a tenant is `Scoped::<Model>::global()`"
)]
pub trait JoinScoped<Q> {
    /// The other model.
    type Model: OrgScoped;
    /// The condition between the two tables.
    type On;

    /// The other table with the whole `ON` clause.
    #[doc(hidden)]
    fn into_joined(self) -> Joined<Self::Model, Self::On>;
}

/// The other table of a join with its `ON` clause.
pub type Joined<N, E> = dsl::On<<N as OrgScoped>::Table, OnInScope<N, E>>;

impl<N: OrgScoped> Scoped<N> {
    /// Joins by another condition than the one that `joinable!` declares, as Diesel's `table.on(…)`.
    pub fn on<E>(self, on: E) -> On<N, E> {
        let scope = self.into_scope();
        On { scope, on }
    }

    fn into_scope(self) -> InScope<N> {
        InScope::new(&self.bounds)
    }
}

#[diagnostic::do_not_recommend]
impl<Q: JoinTo<N::Table>, N: OrgScoped> JoinScoped<Q> for Scoped<N, Start<N>, Whole<N>> {
    type Model = N;
    type On = Q::OnClause;

    fn into_joined(self) -> Joined<N, Q::OnClause> {
        let (_, on) = Q::join_target(*N::SOURCE);
        let scope = self.into_scope();
        N::SOURCE.on(OnInScope { scope, on })
    }
}

#[diagnostic::do_not_recommend]
impl<Q, N: OrgScoped, E> JoinScoped<Q> for On<N, E> {
    type Model = N;
    type On = E;

    fn into_joined(self) -> Joined<N, E> {
        let On { scope, on } = self;
        N::SOURCE.on(OnInScope { scope, on })
    }
}

/// The rows of a query after one more model was joined to it: a flat tuple, as Diesel has it.
pub trait WithRow<N> {
    /// The rows.
    type Rows;

    /// The rows as a value.
    #[doc(hidden)]
    fn rows() -> Self::Rows;
}

impl<M: OrgScoped, N> WithRow<N> for Whole<M> {
    type Rows = Whole<(M, N)>;
    fn rows() -> Self::Rows {
        Whole::new()
    }
}

macro_rules! longer_rows {
    ($($row:ident)*) => {
        impl<$($row,)* N> WithRow<N> for Whole<($($row,)*)> {
            type Rows = Whole<($($row,)* N,)>;
            fn rows() -> Self::Rows {
                Whole::new()
            }
        }
    };
}

longer_rows!(A B);
longer_rows!(A B C);
longer_rows!(A B C D);

/// The query `Q` joined with `J`.
type InnerJoined<Q, J> =
    dsl::InnerJoin<Q, Joined<<J as JoinScoped<Q>>::Model, <J as JoinScoped<Q>>::On>>;
type MaybeRow<R, N> = <R as WithRow<Option<N>>>::Rows;
type LeftJoined<Q, J> =
    dsl::LeftJoin<Q, Joined<<J as JoinScoped<Q>>::Model, <J as JoinScoped<Q>>::On>>;

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// [`QueryDsl::inner_join`](diesel::QueryDsl::inner_join) with another scoped model: pairs of rows that are both in
    /// scope.
    pub fn inner_join<J>(
        self,
        other: J,
    ) -> Scoped<M, InnerJoined<Q, J>, <R as WithRow<J::Model>>::Rows>
    where
        J: JoinScoped<Q>,
        R: WithRow<J::Model>,
        Q: JoinWithImplicitOnClause<Joined<J::Model, J::On>, Inner>,
    {
        self.map(|query| query.join_with_implicit_on_clause(other.into_joined(), Inner))
            .rows(R::rows())
    }

    /// [`QueryDsl::left_join`](diesel::QueryDsl::left_join) with another scoped model: every row in scope, with the
    /// other row where there is one in scope. The other model's scope stands in the `ON` clause, so that a hidden row
    /// looks like a missing one.
    pub fn left_join<J>(self, other: J) -> Scoped<M, LeftJoined<Q, J>, MaybeRow<R, J::Model>>
    where
        J: JoinScoped<Q>,
        R: WithRow<Option<J::Model>>,
        Q: JoinWithImplicitOnClause<Joined<J::Model, J::On>, LeftOuter>,
    {
        self.map(|query| query.join_with_implicit_on_clause(other.into_joined(), LeftOuter))
            .rows(R::rows())
    }
}
