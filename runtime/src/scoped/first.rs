//! The rows of a page. SQLite gathers and sorts every row of `organization_id IN (…) OR organization_id IS NULL`: it is asked for the first
//! rows of either range, and for the page among them.

use diesel::Table;
use diesel::backend::Backend;
use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer};

use super::cut::Cut;
use super::narrow::Narrowed;
use super::run::WhenEmpty;
use super::{Scoped, Shape};
use crate::connection::Kind;
use crate::dialect::{Dialect, KeyOn};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::selection::Yields;

/// Up to how many rows are asked of each range: far from the start, all of them are sorted once.
const MOST: i64 = 200;

type PrimaryKey<M> = <<M as OrgScoped>::Table as Table>::PrimaryKey;

/// The key of a row, selected by a statement within another.
#[doc(hidden)]
pub struct KeyOf<M: OrgScoped>(PrimaryKey<M>);

impl<M: OrgScoped> Expression for KeyOf<M> {
    // Nobody reads it: it stays within the statement.
    type SqlType = Integer;
}

impl<M: OrgScoped, QS> AppearsOnTable<QS> for KeyOf<M> {}
impl<M: OrgScoped, QS> SelectableExpression<QS> for KeyOf<M> {}

impl<M: OrgScoped> ValidGrouping<()> for KeyOf<M> {
    type IsAggregate = is_aggregate::No;
}

impl<M: OrgScoped> QueryId for KeyOf<M> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M, DB> QueryFragment<DB> for KeyOf<M>
where
    M: OrgScoped,
    PrimaryKey<M>: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

/// The row is in scope and, where a database finds ranges by themselves, one of the first of its range.
#[doc(hidden)]
pub struct AmongFirst<M: OrgScoped, F> {
    scope: InScope<M>,
    key: PrimaryKey<M>,
    /// The first of each range, if there are several.
    ranges: Vec<F>,
}

impl<M: OrgScoped, F> Expression for AmongFirst<M, F> {
    type SqlType = Bool;
}

impl<M: OrgScoped, F, QS> AppearsOnTable<QS> for AmongFirst<M, F> where
    InScope<M>: AppearsOnTable<QS>
{
}

impl<M: OrgScoped, F, QS> SelectableExpression<QS> for AmongFirst<M, F> where
    Self: AppearsOnTable<QS>
{
}

impl<M: OrgScoped, F> ValidGrouping<()> for AmongFirst<M, F> {
    type IsAggregate = is_aggregate::No;
}

impl<M: OrgScoped, F> QueryId for AmongFirst<M, F> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M, F, DB> QueryFragment<DB> for AmongFirst<M, F>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    i32: KeyOn<DB>,
    PrimaryKey<M>: QueryFragment<DB>,
    F: QueryFragment<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // The scope stands here as well, so that it does not depend on the keys' being unique.
        self.scope.walk_ast(out.reborrow())?;
        if !DB::FINDS_RANGES || self.ranges.is_empty() {
            return Ok(());
        }
        out.push_sql(" AND (");
        self.key.walk_ast(out.reborrow())?;
        let mut separator = ") IN (SELECT * FROM (";
        for range in &self.ranges {
            out.push_sql(separator);
            range.walk_ast(out.reborrow())?;
            separator = ") UNION ALL SELECT * FROM (";
        }
        out.push_sql("))");
        Ok(())
    }
}

/// The keys of the first rows of a range.
type First<M, Q> = Cut<dsl::Filter<dsl::Select<Q, KeyOf<M>>, InScope<M>>>;

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// An error for a query that a page cannot be cut from.
    pub(crate) fn may_be_cut(&self) -> Result<(), Error> {
        match self.shape {
            Shape::Rows | Shape::Distinct => Ok(()),
            Shape::Cut => {
                let message = "a page says where it begins and ends: the query has a `limit` or `offset` of its own";
                Err(diesel::result::Error::QueryBuilderError(message.into()).into())
            }
        }
    }
}

/// A scoped query, in an order, that yields a page of `U`s on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "this scoped query cannot be loaded as `{U}` on `{C}` [org114]",
    note = "Diesel does not accept the query, its selection or its row type on this connection; \
            models are selected with `#[derive(Queryable, Selectable)]`"
)]
#[doc(hidden)]
pub trait PageScoped<'q, C, K: Kind, U: Send> {
    /// The rows from an offset on, up to a number of them.
    #[doc(hidden)]
    fn cut<'c>(self, offset: i64, size: i64, conn: &'c mut C) -> K::Answer<'c, Vec<U>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c;
}

#[diagnostic::do_not_recommend]
impl<'q, M, Q, R, C, K, U> PageScoped<'q, C, K, U> for Scoped<M, Q, R>
where
    M: OrgScoped,
    K: Kind,
    C: Send,
    U: Send,
    R: Yields<U> + Send,
    Q: Clone + SelectDsl<KeyOf<M>> + FilterDsl<AmongFirst<M, First<M, Q>>> + Send,
    dsl::Select<Q, KeyOf<M>>: FilterDsl<InScope<M>>,
    Statement<dsl::Filter<Q, AmongFirst<M, First<M, Q>>>, Cut<R>>: Fetch<'q, C, K, U>,
{
    fn cut<'c>(self, offset: i64, size: i64, conn: &'c mut C) -> K::Answer<'c, Vec<U>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        let scope = match self.scope(WhenEmpty::Skip) {
            Narrowed::Nothing => return K::ready(Ok(Vec::new())),
            Narrowed::Undecided => return K::ready(Err(Denied::Undecided.into())),
            Narrowed::Some(scope) => scope,
        };
        let last = offset.saturating_add(size);
        let first = |scope| {
            let key = KeyOf::<M>(M::SOURCE.primary_key());
            Cut::new(self.query.clone().select(key).filter(scope), 0, last)
        };
        // An own selection may count what it selects from. What is distinct is ordered by what is selected, and that would be the key.
        let has_first = last <= MOST && R::EMPTY_IS_EMPTY && self.shape == Shape::Rows;
        let ranges = match has_first {
            true => scope.clone().apart(),
            false => Vec::new(),
        };
        let is_several = ranges.len() > 1;
        let ranges = ranges.into_iter().filter(|_| is_several);
        let among = AmongFirst {
            ranges: ranges.map(first).collect(),
            key: M::SOURCE.primary_key(),
            scope,
        };
        let query = self.query.filter(among);
        let rows = Cut::new(self.rows, offset, size);
        Statement { query, rows }.fetch(conn)
    }
}
