//! Where rows belong, asked without a scope: the organization that the path leads to, and whether it leads anywhere.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable};

use crate::audit::UNSCOPED;
use crate::dialect::Dialect;
use crate::fragment::Source;
use crate::key::Key;
use crate::model::OrgScoped;
use crate::organization_of::end;
use crate::path::Route;

/// The organization of a row, or NULL.
#[derive(Debug)]
pub struct OrganizationOf<M>(PhantomData<fn() -> M>);

/// 1 for a row whose path leads to the table of the organization column, 0 for one whose path breaks.
#[derive(Debug)]
pub struct Arrives<M>(PhantomData<fn() -> M>);

impl<M> OrganizationOf<M> {
    pub(super) fn new() -> Self {
        OrganizationOf(PhantomData)
    }
}

impl<M> Arrives<M> {
    pub(super) fn new() -> Self {
        Arrives(PhantomData)
    }
}

crate::fragment::expression_over_table!(OrganizationOf: Nullable<<M::OrgKey as Key>::SqlType>);
crate::fragment::expression_over_table!(Arrives: Integer);

impl<M: OrgScoped, DB: Dialect> QueryFragment<DB> for OrganizationOf<M> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(UNSCOPED);
        out.push_sql(" ");
        end(
            M::PATH.route,
            Source::Model(M::TABLE),
            "",
            out,
            &mut |column, source, out| source.column(column, out),
        )
    }
}

impl<M: OrgScoped, DB: Dialect> QueryFragment<DB> for Arrives<M> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("COALESCE(");
        let source = Source::Model(M::TABLE);
        end(
            M::PATH.route,
            source,
            "",
            out.reborrow(),
            &mut |_, _, out| {
                out.push_sql("1");
                Ok(())
            },
        )?;
        out.push_sql(", 0)");
        Ok(())
    }
}

/// Where a row belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Home<K> {
    /// To an organization.
    Of(K),
    /// To all of them.
    Shared,
    /// To nobody.
    Nobody,
}

impl<K> Home<K> {
    /// From what was read.
    pub(super) fn read<M: OrgScoped>(organization: Option<K>, arrives: i32) -> Home<K> {
        match organization {
            Some(key) => Home::Of(key),
            None if arrives == 1 && shares(M::PATH.route) => Home::Shared,
            None => Home::Nobody,
        }
    }
}

/// Whether NULL at the end of the route is a shared row.
fn shares(route: &Route) -> bool {
    match route {
        Route::Global => false,
        Route::Column { shared, .. } => *shared,
        Route::Hop { rest, .. } => shares(rest),
    }
}
