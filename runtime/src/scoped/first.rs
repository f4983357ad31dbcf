//! The rows of a page. Where an index has each range of a scope in order, databases are asked for the first rows of each, and for the
//! page among them: of all ranges together they would sort every row.

use std::marker::PhantomData;

use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OffsetDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer};

use super::Scoped;
use super::narrow::Narrowed;
use super::run::WhenEmpty;
use crate::audit;
use crate::connection::Kind;
use crate::dialect::{Dialect, FirstRows, KeyOn};
use crate::error::Denied;
use crate::fetch::{Fetch, Statement};
use crate::fragment::Source;
use crate::model::OrgScoped;
use crate::predicate::{BESIDE, InScope};

/// Up to how many rows are asked of each range: far from the start, all of them are sorted once.
const MOST: i64 = 200;

/// The key of a row, selected by a statement within another.
#[doc(hidden)]
#[derive(Debug)]
pub struct KeyOf<M>(PhantomData<fn() -> M>);

impl<M: OrgScoped> Expression for KeyOf<M> {
    // Nobody reads it: it stays within the statement.
    type SqlType = Integer;
}

impl<M: OrgScoped, QS> AppearsOnTable<QS> for KeyOf<M> {}
impl<M: OrgScoped, QS> SelectableExpression<QS> for KeyOf<M> {}

impl<M: OrgScoped> ValidGrouping<()> for KeyOf<M> {
    type IsAggregate = is_aggregate::No;
}

impl<M> QueryId for KeyOf<M> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M: OrgScoped, DB: Dialect> QueryFragment<DB> for KeyOf<M> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        key::<M, DB>(&mut out)
    }
}

/// Writes the key of a model's row, which is one column.
fn key<M: OrgScoped, DB: Dialect>(out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
    let column = M::KEY.first().copied().unwrap_or_default();
    Source::Model(M::TABLE).column(column, out)
}

/// The row is in scope and, on some databases, one of the first of its range.
#[doc(hidden)]
#[derive(Debug)]
pub struct AmongFirst<M: OrgScoped, F> {
    scope: InScope<M>,
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
    F: QueryFragment<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let each = self.each.as_ref().zip(self.scope.keys());
        match (DB::FIRST_ROWS, self.ranges.as_slice(), each) {
            (FirstRows::OfRanges, ranges @ [_, _, ..], _) => {
                // The statements within have the scope: what they do not find is not in it.
                audit::scope_of(M::TABLE, &mut out)?;
                key::<M, DB>(&mut out)?;
                let mut separator = " IN (SELECT * FROM (";
                for range in ranges {
                    out.push_sql(separator);
                    range.walk_ast(out.reborrow())?;
                    separator = ") UNION ALL SELECT * FROM (";
                }
                out.push_sql("))");
                Ok(())
            }
            (FirstRows::OfEach, _, Some((each, keys))) => {
                audit::scope_of(M::TABLE, &mut out)?;
                key::<M, DB>(&mut out)?;
                out.push_sql(" = ANY(ARRAY(SELECT orgscope_f.id FROM ");
                M::OrgKey::table_of(keys, out.reborrow())?;
                out.push_sql(" AS ");
                out.push_sql(BESIDE);
                out.push_sql(" (id) CROSS JOIN LATERAL (");
                each.walk_ast(out.reborrow())?;
                out.push_sql(") AS orgscope_f (id)))");
                Ok(())
            }
            _ => self.scope.walk_ast(out),
        }
    }
}

/// A query with a beginning and an end.
type Cut<Q> = dsl::Offset<dsl::Limit<Q>>;

/// The keys of the first rows of a range.
type First<M, Q> = dsl::Filter<dsl::Select<Cut<Q>, KeyOf<M>>, InScope<M>>;

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
    U: Send,
    Q: Clone + LimitDsl,
    dsl::Limit<Q>: OffsetDsl,
    Cut<Q>: SelectDsl<KeyOf<M>> + FilterDsl<AmongFirst<M, First<M, Q>>>,
    dsl::Select<Cut<Q>, KeyOf<M>>: FilterDsl<InScope<M>>,
    Statement<dsl::Filter<Cut<Q>, AmongFirst<M, First<M, Q>>>, R>: Fetch<'q, C, K, U>,
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
            let query = self.query.clone().limit(last).offset(0);
            query.select(KeyOf::<M>(PhantomData)).filter(scope)
        };
        // What is distinct is ordered by what is selected, and that would be the key.
        let has_first = last <= MOST && M::KEY.len() == 1 && !self.distinct;
        let ranges = match has_first {
            true => scope.clone().apart(),
            false => Vec::new(),
        };
        let each = scope.of_each().filter(|_| has_first && ranges.len() == 1);
        let among = AmongFirst {
            ranges: match ranges.len() {
                0 | 1 => Vec::new(),
                _ => ranges.into_iter().map(&first).collect(),
            },
            each: each.map(&first),
            scope,
        };
        let query = self.query.limit(size).offset(offset).filter(among);
        let rows = self.rows;
        Statement { query, rows }.fetch(conn)
    }
}
