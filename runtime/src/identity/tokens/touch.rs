//! When a token was last used.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::BigInt;

use crate::audit;
use crate::dialect::Dialect;

/// Writes when a token was last used, unless somebody has just done so.
#[derive(Debug)]
pub struct TouchToken {
    pub(in crate::identity) token: i64,
    pub(in crate::identity) now: i64,
    /// What was written after that is recent.
    pub(in crate::identity) recent: i64,
}

impl QueryId for TouchToken {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB: Dialect> QueryFragment<DB> for TouchToken
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        out.push_sql("UPDATE tokens SET last_used_at = ");
        out.push_bind_param::<BigInt, i64>(&self.now)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<BigInt, i64>(&self.token)?;
        out.push_sql(" AND (last_used_at IS NULL OR last_used_at <= ");
        out.push_bind_param::<BigInt, i64>(&self.recent)?;
        out.push_sql(")");
        Ok(())
    }
}
