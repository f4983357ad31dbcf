//! The rows of a page. Where an index has each range of a scope in order, some databases are asked for the first rows of each, and for the
//! page among them: of all ranges together SQLite would sort every row, and PostgreSQL read past other organizations' rows.

use diesel::Table;
use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer};

use super::Scoped;
use super::cut::Cut;
use super::narrow::Narrowed;
use super::pending::Refused;
use super::run::WhenEmpty;
use crate::connection::Kind;
use crate::dialect::{Dialect, FirstRows, KeyOn};
use crate::error::Denied;
use crate::fetch::{Fetch, Statement};
use crate::model::OrgScoped;
use crate::predicate::{BESIDE, InScope};
use crate::selection::{Chosen, Yields};

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
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // Elements of an array are one value each, members of a set may be several columns.
        let is_element = DB::FIRST_ROWS == FirstRows::OfEach;
        out.push_sql(if is_element { "(" } else { "" });
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(if is_element { ")" } else { "" });
        Ok(())
    }
}

/// The row is in scope and, on some databases, one of the first of its range.
#[doc(hidden)]
pub struct AmongFirst<M: OrgScoped, F> {
    scope: InScope<M>,
    key: PrimaryKey<M>,
    /// The first of each of several ranges.
    ranges: Vec<F>,
    /// The first of each organization.
    each: Option<F>,
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
        // The scope stands here as well, whatever the keys: it does not depend on their being unique.
        self.scope.walk_ast(out.reborrow())?;
        let each = self.each.as_ref().zip(self.scope.keys());
        match (DB::FIRST_ROWS, self.ranges.as_slice(), each) {
            (FirstRows::OfRanges, ranges @ [_, _, ..], _) => {
                out.push_sql(" AND (");
                self.key.walk_ast(out.reborrow())?;
                let mut separator = ") IN (SELECT * FROM (";
                for range in ranges {
                    out.push_sql(separator);
                    range.walk_ast(out.reborrow())?;
                    separator = ") UNION ALL SELECT * FROM (";
                }
                out.push_sql("))");
            }
            (FirstRows::OfEach, _, Some((each, keys))) => {
                out.push_sql(" AND (");
                self.key.walk_ast(out.reborrow())?;
                out.push_sql(") = ANY(ARRAY(SELECT orgscope_f.id FROM ");
                M::OrgKey::table_of(keys, out.reborrow())?;
                out.push_sql(" AS ");
                out.push_sql(BESIDE);
                out.push_sql(" (id) CROSS JOIN LATERAL (");
                each.walk_ast(out.reborrow())?;
                out.push_sql(") AS orgscope_f (id)))");
            }
            _ => {}
        }
        Ok(())
    }
}

/// The keys of the first rows of a range.
type First<M, Q> = Cut<dsl::Filter<dsl::Select<Q, KeyOf<M>>, InScope<M>>>;

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
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    fn cut<'c>(mut self, offset: i64, size: i64, conn: &'c mut C) -> K::Answer<'c, Vec<U>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        if let Some(pending) = self.pending.take() {
            return K::in_turn(async move {
                pending.look::<M, C, K>(&mut *conn).await?;
                K::wait(self.cut(offset, size, conn)).await
            });
        }
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
        let has_first = last <= MOST && R::EMPTY_IS_EMPTY && !self.distinct;
        let ranges = match has_first {
            true => scope.clone().apart(),
            false => Vec::new(),
        };
        let (ranges, each) = match ranges.len() {
            0 => (Vec::new(), None),
            1 => (Vec::new(), scope.of_each().map(&first)),
            _ => (ranges.into_iter().map(&first).collect(), None),
        };
        let among = AmongFirst {
            scope,
            key: M::SOURCE.primary_key(),
            ranges,
            each,
        };
        let query = self.query.filter(among);
        let rows = Cut::new(self.rows, offset, size);
        Statement { query, rows }.fetch(conn)
    }
}
