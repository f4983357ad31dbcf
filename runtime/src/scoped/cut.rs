//! A beginning and an end for a statement, as Diesel's `limit` and `offset` are. Those bind bare numbers, which SQLite looks at to plan the
//! statement anew each time.

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::BigInt;

use crate::dialect::Dialect;
use crate::selection::Selects;

/// A whole statement, or what selects one, with the rows from an offset on, up to a number of them.
#[doc(hidden)]
#[derive(Debug)]
pub struct Cut<T> {
    of: T,
    offset: i64,
    size: i64,
}

impl<T> Cut<T> {
    pub(super) fn new(of: T, offset: i64, size: i64) -> Self {
        Cut { of, offset, size }
    }
}

impl<Q, DB: Backend, R: Selects<Q, DB>> Selects<Q, DB> for Cut<R> {
    type Query = Cut<R::Query>;

    fn select(self, query: Q) -> Self::Query {
        Cut::new(self.of.select(query), self.offset, self.size)
    }
}

impl<T: Query> Query for Cut<T> {
    type SqlType = T::SqlType;
}

impl<T, C> RunQueryDsl<C> for Cut<T> {}

impl<T> QueryId for Cut<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, DB> QueryFragment<DB> for Cut<T>
where
    T: QueryFragment<DB>,
    i64: ToSql<BigInt, DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.of.walk_ast(out.reborrow())?;
        for (word, number) in [(" LIMIT ", &self.size), (" OFFSET ", &self.offset)] {
            out.push_sql(word);
            out.push_sql(DB::PLANNED_ONCE);
            out.push_bind_param::<BigInt, i64>(number)?;
        }
        Ok(())
    }
}
