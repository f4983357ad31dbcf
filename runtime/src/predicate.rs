//! The predicate of a list: the row's organization is one of the caller's.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use crate::dialect::{Dialect, KeyOn, letter_by_letter};
use crate::fragment::{Source, expression_over_table};
use crate::membership;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::reach::{Organizations, Reach};

/// The rows of `M` that a caller reaches, as a `WHERE` or `ON` condition.
#[derive(Debug)]
pub struct InScope<M: OrgScoped> {
    reach: Arc<Reach<M::OrgKey>>,
    path: Path,
    model: PhantomData<fn() -> M>,
}

expression_over_table!(InScope: diesel::sql_types::Bool);

impl<M: OrgScoped> Clone for InScope<M> {
    fn clone(&self) -> Self {
        InScope::new(self.reach.clone(), self.path)
    }
}

impl<M: OrgScoped> InScope<M> {
    pub(crate) fn new(reach: Arc<Reach<M::OrgKey>>, path: Path) -> Self {
        InScope {
            reach,
            path,
            model: PhantomData,
        }
    }
}

impl<M, DB> QueryFragment<DB> for InScope<M>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match &*self.reach {
            Reach::Everything => out.push_sql("1 = 1"),
            Reach::Nothing => out.push_sql("1 = 0"),
            Reach::Some {
                organizations,
                shared,
            } => route(
                self.path.route,
                Source::Model(self.path.table),
                organizations,
                *shared,
                out,
            )?,
        }
        Ok(())
    }
}

/// Follows the route from a table: `fk IN (SELECT key FROM parent WHERE …)` for each hop, the condition at its end.
fn route<'b, DB: Dialect, K: KeyOn<DB>>(
    route: &'static Route,
    source: Source,
    organizations: &'b Organizations<K>,
    shared: bool,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    match route {
        Route::Global => out.push_sql("1 = 1"),
        Route::Column {
            column,
            shared: null_is_shared,
        } => condition(
            column,
            source,
            organizations,
            shared && *null_is_shared,
            out,
        )?,
        Route::Hop {
            column,
            parent,
            key,
            rest,
        } => {
            let inner = source.next();
            source.column(column, &mut out)?;
            out.push_sql(" IN (SELECT ");
            inner.column(key, &mut out)?;
            out.push_sql(" FROM ");
            DB::table(*parent, out.reborrow())?;
            out.push_sql(" AS ");
            inner.name(&mut out)?;
            out.push_sql(" WHERE ");
            self::route(rest, inner, organizations, shared, out.reborrow())?;
            out.push_sql(")");
        }
    }
    Ok(())
}

/// The condition on the organization column: one of the caller's organizations, or NULL where shared rows show.
fn condition<'b, DB: Dialect, K: KeyOn<DB>>(
    column: &str,
    source: Source,
    organizations: &'b Organizations<K>,
    shared: bool,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let some = !matches!(organizations, Organizations::None);
    out.push_sql("(");
    match organizations {
        Organizations::None => {}
        Organizations::Keys { keys, .. } if keys.keys().len() <= DB::MAX_KEYS => {
            source.column(column, &mut out)?;
            K::is_one_of(keys, out.reborrow())?;
        }
        Organizations::Keys {
            user: Some(user),
            roles,
            ..
        }
        | Organizations::Memberships { user, roles } => {
            source.column(column, &mut out)?;
            out.push_sql(" IN (SELECT orgscope_m.organization_id");
            out.push_sql(letter_by_letter::<DB, K>());
            membership::of_user(user, out.reborrow())?;
            membership::has_role(*roles, &mut out);
            out.push_sql(")");
        }
        Organizations::Keys { user: None, .. } => {
            let message = "the caller was given more organizations than a statement can bind here";
            return Err(diesel::result::Error::QueryBuilderError(message.into()));
        }
    }
    if shared {
        out.push_sql(if some { " OR " } else { "" });
        source.column(column, &mut out)?;
        out.push_sql(" IS NULL");
    }
    if !some && !shared {
        out.push_sql("1 = 0");
    }
    out.push_sql(")");
    Ok(())
}
