//! The total of a list that is shown in pages.

use std::sync::Arc;

use diesel::RunQueryDsl;
use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::BigInt;

use super::Scoped;
use super::narrow::Narrowed;
use super::pending::Refused;
use super::run::WhenEmpty;
use crate::connection::Kind;
use crate::dialect::{Dialect, KeyOn};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::fragment::Source;
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::selection::Chosen;
use crate::write::checks::Checked;

/// The number of rows of some ranges together, or -1 when a value of the filter is refused: a page asks for both in one statement.
#[doc(hidden)]
#[derive(Debug)]
pub struct Total<M: OrgScoped, F> {
    checked: Option<Arc<Checked<M::OrgKey, ()>>>,
    ranges: Vec<F>,
}

impl<M: OrgScoped, F> Query for Total<M, F> {
    type SqlType = BigInt;
}

impl<M: OrgScoped, F, C> RunQueryDsl<C> for Total<M, F> {}

impl<M: OrgScoped, F> QueryId for Total<M, F> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M, F, DB> QueryFragment<DB> for Total<M, F>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    F: QueryFragment<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if let (None, [all]) = (&self.checked, self.ranges.as_slice()) {
            return all.walk_ast(out);
        }
        out.push_sql("SELECT ");
        if let Some(checked) = &self.checked {
            out.push_sql("CASE WHEN (");
            checked.failed(Source::Model(M::TABLE), out.reborrow())?;
            out.push_sql(") = 0 THEN ");
        }
        let mut separator = "";
        for range in &self.ranges {
            out.push_sql(separator);
            // A query with an offset may have no row.
            out.push_sql("COALESCE((");
            range.walk_ast(out.reborrow())?;
            out.push_sql("), 0)");
            separator = " + ";
        }
        if self.checked.is_some() {
            out.push_sql(" ELSE -1 END");
        }
        Ok(())
    }
}

/// `COUNT(*)` of a query without groups, which has no more than one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, QueryId)]
pub struct AllRows;

impl Expression for AllRows {
    type SqlType = BigInt;
}

impl<QS> AppearsOnTable<QS> for AllRows {}
impl<QS> SelectableExpression<QS> for AllRows {}

impl ValidGrouping<()> for AllRows {
    type IsAggregate = is_aggregate::Yes;
}

impl<DB: Dialect> QueryFragment<DB> for AllRows {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("COUNT(*)");
        Ok(())
    }
}

/// The count of a query, narrowed to its scope.
type Counted<M, Q> = dsl::Filter<dsl::Select<Q, AllRows>, InScope<M>>;

/// A scoped query whose rows can be counted, and which can be loaded after that, on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "the rows of this scoped query cannot be counted on `{C}` [org114]",
    note = "Diesel does not accept the query, or a count of it, on this connection"
)]
#[doc(hidden)]
pub trait CountScoped<'q, C, K: Kind> {
    /// The number of rows. What a filter names is asked for in the same statement.
    #[doc(hidden)]
    fn total<'c>(self, conn: &'c mut C) -> K::Answer<'c, i64>
    where
        'q: 'c,
        Self: 'c;
}

#[diagnostic::do_not_recommend]
impl<'q, M, Q, R, C, K> CountScoped<'q, C, K> for Scoped<M, Q, R>
where
    M: OrgScoped,
    K: Kind,
    C: Send,
    R: Send,
    Q: Clone + SelectDsl<AllRows> + Send,
    dsl::Select<Q, AllRows>: FilterDsl<InScope<M>>,
    Statement<Total<M, Counted<M, Q>>, Chosen>: Fetch<'q, C, K, i64> + Send,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    fn total<'c>(mut self, conn: &'c mut C) -> K::Answer<'c, i64>
    where
        'q: 'c,
        Self: 'c,
    {
        let pending = self.pending.take();
        let along = pending.as_ref().filter(|pending| pending.fits_total());
        let checked = along.map(|pending| pending.checked.clone());
        let scope = self.scope(WhenEmpty::Skip);
        let query = self.query;
        let statement = move |scope: InScope<M>| {
            let range = |scope| query.clone().select(AllRows).filter(scope);
            let ranges = scope.apart().into_iter().map(range).collect();
            let query = Total { checked, ranges };
            let rows = Chosen;
            Statement { query, rows }
        };
        let statement = match scope {
            Narrowed::Nothing => Ok(None),
            Narrowed::Undecided => Err(Error::from(Denied::Undecided)),
            Narrowed::Some(scope) => Ok(Some(statement(scope))),
        };
        K::in_turn(async move {
            if let Some(pending) = pending.as_ref().filter(|pending| !pending.fits_total()) {
                pending.look::<M, C, K>(&mut *conn).await?;
            }
            let count = match statement? {
                Some(statement) => K::wait(statement.fetch(&mut *conn)).await?,
                None => Vec::new(),
            };
            match (count.first(), pending) {
                // Nothing is in scope, or something is refused: say what.
                (None | Some(-1), Some(pending)) => {
                    pending.look::<M, C, K>(conn).await?;
                    Ok(0)
                }
                (count, _) => Ok(count.copied().unwrap_or(0)),
            }
        })
    }
}
