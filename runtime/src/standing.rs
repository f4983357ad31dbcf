//! The standing of one row as a column of the statement that loads it.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable};

use crate::dialect::Dialect;
use crate::fragment::{Source, expression_over_table};
use crate::key::UserId;
use crate::membership;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::policy::Standing;
use crate::role::Role;

/// The caller's standing to a row of `M`, as a number: NULL when the path breaks, -1 for a shared row, 0 for an
/// organization without a role, else the role's code. It asks for the one membership that the row needs, so that one row
/// costs the same whatever the number of the caller's organizations.
#[derive(Debug)]
pub struct StandingOf<M> {
    user: Option<UserId>,
    path: Path,
    model: PhantomData<fn() -> M>,
}

expression_over_table!(StandingOf: Nullable<Integer>);

impl<M: OrgScoped> StandingOf<M> {
    pub(crate) fn new(user: Option<UserId>, path: Path) -> Self {
        StandingOf {
            user,
            path,
            model: PhantomData,
        }
    }
}

/// The standing that a number stands for.
pub(crate) fn standing(code: Option<i32>) -> Standing {
    match code {
        None => Standing::Nobody,
        Some(-1) => Standing::Shared,
        Some(code) => Role::from_code(code).map_or(Standing::Foreign, Standing::Of),
    }
}

impl<M, DB> QueryFragment<DB> for StandingOf<M>
where
    M: OrgScoped,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let source = Source::Model(self.path.table);
        route(self.path.route, source, self.user.as_ref(), out)
    }
}

/// Follows the route from a table, one scalar subquery for each hop: a missing parent makes the whole NULL.
fn route<'b, DB: Dialect>(
    route: &'static Route,
    source: Source,
    user: Option<&'b UserId>,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    match route {
        Route::Global => out.push_sql("-1"),
        Route::Column { column, shared } => {
            out.push_sql("CASE WHEN ");
            source.column(column, &mut out)?;
            out.push_sql(if *shared {
                " IS NULL THEN -1 ELSE "
            } else {
                " IS NULL THEN NULL ELSE "
            });
            role(column, source, user, out.reborrow())?;
            out.push_sql(" END");
        }
        Route::Hop {
            column,
            parent,
            key,
            rest,
        } => {
            let inner = source.next();
            out.push_sql("(SELECT ");
            self::route(rest, inner, user, out.reborrow())?;
            out.push_sql(" FROM ");
            DB::table(*parent, out.reborrow())?;
            out.push_sql(" AS ");
            inner.name(&mut out)?;
            out.push_sql(" WHERE ");
            inner.column(key, &mut out)?;
            out.push_sql(" = ");
            source.column(column, &mut out)?;
            out.push_sql(")");
        }
    }
    Ok(())
}

/// The caller's role in the organization that the column names, 0 for none.
fn role<'b, DB: Dialect>(
    column: &str,
    source: Source,
    user: Option<&'b UserId>,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let Some(user) = user else {
        out.push_sql("0");
        return Ok(());
    };
    out.push_sql("COALESCE((SELECT orgscope_m.role");
    membership::of_user(user, out.reborrow())?;
    out.push_sql(" AND orgscope_m.organization_id = ");
    source.column(column, &mut out)?;
    out.push_sql("), 0)");
    Ok(())
}
