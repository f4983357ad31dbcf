//! Deleting the rows of a query: the query and the scope in one statement.

use std::sync::Arc;

use diesel::dsl;
use diesel::query_builder::{DeleteStatement, IntoUpdateTarget};
use diesel::query_dsl::methods::FilterDsl;

use super::{Refused, Scoped};
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::model::OrgScoped;
use crate::selection::Chosen;
use crate::write::checks::{Checked, MayWrite};
use crate::write::plan::Plan;
use crate::write::reachable;

/// Rows that are about to be deleted.
#[derive(Debug)]
pub struct ScopedDelete<M: OrgScoped, Q>(Scoped<M, Q>);

/// A query `Self` whose rows can be deleted on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "the rows of this query cannot be deleted on `{C}` [org114]",
    note = "a delete follows `find` and `filter` only, and Diesel has to accept them"
)]
pub trait Deletes<C, K: Kind, M: OrgScoped> {
    #[doc(hidden)]
    fn delete<'c>(self, may: MayWrite<M, ()>, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        Self: 'c;
}

type Target<Q, M> = dsl::Filter<Q, MayWrite<M, ()>>;

#[diagnostic::do_not_recommend]
impl<Q, M, T, W, C, K> Deletes<C, K, M> for Q
where
    M: OrgScoped,
    K: Kind,
    Q: FilterDsl<MayWrite<M, ()>>,
    Target<Q, M>: IntoUpdateTarget<Table = T, WhereClause = W>,
    Command<DeleteStatement<T, W>>: Execute<'static, C, K>,
    T: diesel::QuerySource + 'static,
    W: 'static,
{
    fn delete<'c>(self, may: MayWrite<M, ()>, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        Q: 'c,
    {
        Command(diesel::delete(self.filter(may))).execute(conn)
    }
}

impl<M: OrgScoped, Q> Scoped<M, Q> {
    /// Deletes the rows of this query that the caller may delete: shared rows are read-only, and the write role is asked for.
    ///
    /// Nothing happens before [`execute`](ScopedDelete::execute) is called.
    pub fn delete(self) -> ScopedDelete<M, Q> {
        ScopedDelete(self.into_write())
    }
}

impl<M: OrgScoped, Q> ScopedDelete<M, Q> {
    /// Deletes, and returns the number of rows.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when there is no such row that the caller may delete; [`Error::Conflict`] when other rows refer
    /// to one; what else the database reports as [`Error::Query`] or [`Error::Unavailable`].
    pub fn execute<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        C: Answers<K> + Send,
        K: Kind,
        Q: Deletes<C, K, M> + Send + 'c,
        M: 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::in_turn(async move {
            let ScopedDelete(scope) = self;
            reachable(&scope)?;
            if let Some(pending) = &scope.pending {
                pending.look::<M, C, K>(&mut *conn).await?;
            }
            let checked = Arc::new(Checked {
                plan: Plan::of(scope.bounds.grant.principal()),
                values: Arc::new(()),
            });
            let may = MayWrite::new(&scope.bounds, scope.one, checked);
            match K::wait(scope.query.delete(may, conn)).await? {
                0 => Err(Error::Denied(Denied::NotFound)),
                rows => Ok(rows),
            }
        })
    }
}
