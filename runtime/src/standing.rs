//! The standing of one row as a column of the statement that loads it.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable};

use crate::dialect::{Dialect, KeyOn, letter_by_letter};
use crate::fragment::{Source, expression_over_table};
use crate::membership;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::policy::Standing;
use crate::principal::Authority;
use crate::role::Role;

/// The caller's standing to a row of `M`, as a number: NULL when the path breaks, -1 for a shared row, 0 for an
/// organization without a role, else the role's code. It asks for the one membership that the row needs, so that one row
/// costs the same whatever the number of the caller's organizations.
#[derive(Debug)]
pub struct StandingOf<M: OrgScoped> {
    authority: Option<Authority<M::OrgKey>>,
    path: Path,
    model: PhantomData<fn() -> M>,
}

expression_over_table!(StandingOf: Nullable<Integer>);

impl<M: OrgScoped> StandingOf<M> {
    pub(crate) fn new(authority: Option<Authority<M::OrgKey>>, path: Path) -> Self {
        StandingOf {
            authority,
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
    M::OrgKey: KeyOn<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let source = Source::Model(self.path.table);
        route(self.path.route, source, self.authority.as_ref(), out)
    }
}

/// Follows the route from a table, one scalar subquery for each hop: a missing parent makes the whole NULL.
fn route<'b, DB: Dialect, K: KeyOn<DB>>(
    route: &'static Route,
    source: Source,
    authority: Option<&'b Authority<K>>,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    match route {
        Route::Global => out.push_sql("-1"),
        Route::Column { column, shared } => {
            out.push_sql("CASE WHEN ");
            source.column(column, &mut out)?;
            out.push_sql(if *shared {
                " IS NULL THEN -1"
            } else {
                " IS NULL THEN NULL"
            });
            role(column, source, authority, out.reborrow())?;
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
            self::route(rest, inner, authority, out.reborrow())?;
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

/// The branches for the caller's role in the organization that the column names, 0 for none.
fn role<'b, DB: Dialect, K: KeyOn<DB>>(
    column: &str,
    source: Source,
    authority: Option<&'b Authority<K>>,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    match authority {
        None => out.push_sql(" ELSE 0"),
        Some(Authority::Tables(user)) => {
            out.push_sql(" ELSE COALESCE((SELECT orgscope_m.role");
            membership::of_user(user, out.reborrow())?;
            out.push_sql(" AND orgscope_m.organization_id");
            out.push_sql(letter_by_letter::<DB, K>());
            out.push_sql(" = ");
            source.column(column, &mut out)?;
            out.push_sql("), 0)");
        }
        Some(Authority::Given(by_role)) => {
            for (role, keys) in Role::ALL.into_iter().zip(by_role.iter()) {
                if keys.keys().is_empty() {
                    continue;
                }
                out.push_sql(" WHEN ");
                source.column(column, &mut out)?;
                K::is_one_of(keys, out.reborrow())?;
                out.push_sql(" THEN ");
                out.push_sql(&role.code().to_string());
            }
            out.push_sql(" ELSE 0");
        }
    }
    Ok(())
}
