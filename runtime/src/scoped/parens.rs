//! A predicate of the user's, in parentheses.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;

/// A predicate in parentheses. Diesel joins conditions by `AND` and relies on each to keep together; text such as
/// `sql("a OR b")` does not, and would take the scope's condition apart.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Parens<P>(pub(super) P);

impl<P: Expression> Expression for Parens<P> {
    type SqlType = P::SqlType;
}

impl<P: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Parens<P> {}

impl<P: ValidGrouping<G>, G> ValidGrouping<G> for Parens<P> {
    type IsAggregate = P::IsAggregate;
}

impl<P: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Parens<P> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
