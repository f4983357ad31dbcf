//! The marks that the library writes into its SQL: comments that say of which table a scope stands here.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;

use crate::dialect::Dialect;
use crate::table_name::TableName;

const MARK: &str = "orgscope ";

/// A text that may touch any table, because somebody said why: [`UnscopedSql`](crate::axum::UnscopedSql) writes it, and schemas and seeds may.
pub const UNSCOPED: &str = "/* orgscope unscoped */";

/// A statement that begins with [`UNSCOPED`].
#[doc(hidden)]
#[derive(Debug)]
pub struct Audited<Q>(pub(crate) Q);

impl<Q: Query> Query for Audited<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Audited<Q> {}

impl<Q> QueryId for Audited<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Audited<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(UNSCOPED);
        out.push_sql(" ");
        self.0.walk_ast(out)
    }
}

/// Marks the query block as one with the scope of a table.
pub(crate) fn scope_of<DB: Dialect>(
    table: &'static dyn TableName,
    out: &mut AstPass<'_, '_, DB>,
) -> QueryResult<()> {
    out.push_sql("/* orgscope ");
    DB::table(table, out.reborrow())?;
    out.push_sql(" */ ");
    Ok(())
}

/// The table that a comment marks.
pub(super) fn marked(comment: &str) -> Option<&str> {
    comment.strip_prefix(MARK)
}

/// Marks a statement of the library about users, organizations and what they hold: it asks who calls.
pub(crate) fn identity<DB: Backend>(out: &mut AstPass<'_, '_, DB>) {
    out.push_sql("/* orgscope identity */ ");
}

/// Whether a comment lets the whole text pass.
pub(super) fn is_token(comment: &str) -> bool {
    matches!(marked(comment), Some("unscoped" | "identity"))
}
