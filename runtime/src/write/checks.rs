//! The checks of a plan as SQL: as the condition of a write, and as a number that says which of them fail.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer};

use super::conditions::one_of;
use super::plan::{Plan, bit};
use super::values::Values;
use crate::access::Accepted;
use crate::dialect::{Dialect, KeyOn};
use crate::fragment::Source;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::predicate::InScope;
use crate::scoped::Bounds;
use crate::standing;

/// A plan with the values that it is about.
#[derive(Debug)]
pub struct Checked<K, V> {
    pub(crate) plan: Plan<K>,
    pub(crate) values: Arc<V>,
}

/// The condition of an `UPDATE` or `DELETE`: the row is one that the caller may change, and all checks hold.
#[derive(Debug)]
pub struct MayWrite<M: OrgScoped, V> {
    scope: InScope<M>,
    pub(crate) checked: Arc<Checked<M::OrgKey, V>>,
    /// The way to the organization, and where it may lead: looked at once more, and locked.
    path: Option<(Path, Accepted)>,
    /// Only the row's scope counts.
    scope_only: bool,
}

impl<M: OrgScoped, V> MayWrite<M, V> {
    /// The condition within the bounds of a scope, for a statement about one row or about any number.
    pub(crate) fn new(
        bounds: &Bounds<M::OrgKey>,
        one: bool,
        checked: Arc<Checked<M::OrgKey, V>>,
    ) -> Self {
        let is_path = matches!(bounds.path.route, Route::Hop { .. });
        let accepted = match bounds.grant.access().scope_role() {
            Some(scope) => {
                let lowest = scope.max(bounds.grant.access().write_role());
                Some(Accepted::at_least(lowest, false))
            }
            None => None,
        };
        let path = accepted.filter(|_| is_path && !checked.plan.superuser);
        MayWrite {
            scope: match one {
                true => InScope::of_one(bounds),
                false => InScope::new(bounds),
            },
            path: path.map(|accepted| (bounds.path, accepted)),
            checked,
            scope_only: false,
        }
    }

    /// The same without the checks.
    pub(crate) fn scope_only(self) -> Self {
        MayWrite {
            scope_only: true,
            ..self
        }
    }
}

/// Which checks fail, as a number with a bit for each.
#[derive(Debug)]
pub struct Failed<M: OrgScoped, V> {
    pub(crate) checked: Arc<Checked<M::OrgKey, V>>,
    pub(crate) model: PhantomData<fn() -> M>,
}

macro_rules! expression {
    ($name:ident: $sql_type:ty) => {
        impl<M: OrgScoped, V> Expression for $name<M, V> {
            type SqlType = $sql_type;
        }

        // Where it names a table, it is the model's own, which the statement is about.
        impl<M: OrgScoped, V, QS> AppearsOnTable<QS> for $name<M, V> {}
        impl<M: OrgScoped, V, QS> SelectableExpression<QS> for $name<M, V> {}

        impl<M: OrgScoped, V> ValidGrouping<()> for $name<M, V> {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl<M: OrgScoped, V> QueryId for $name<M, V> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}

expression!(MayWrite: Bool);
expression!(Failed: Integer);

impl<M, V, DB> QueryFragment<DB> for MayWrite<M, V>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    i32: KeyOn<DB>,
    V: Values<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.scope.walk_ast(out.reborrow())?;
        let source = Source::Model(M::TABLE);
        if let (Some((path, accepted)), false) = (&self.path, DB::LOCK.is_empty()) {
            let authority = self.checked.plan.authority.as_ref();
            out.push_sql(" AND ");
            standing::route(path.route, source, authority, DB::LOCK, out.reborrow())?;
            one_of(*accepted, false, &mut out);
        }
        if !self.scope_only {
            self.checked.and_all(source, out.reborrow())?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<M, V, DB> QueryFragment<DB> for Failed<M, V>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    V: Values<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.checked.failed(Source::Model(M::TABLE), out)
    }
}

impl<K, V> Checked<K, V> {
    /// Writes ` AND …` for each condition, which locks the rows that it relies on.
    pub(crate) fn and_all<'b, DB>(
        &'b self,
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
        V: Values<DB>,
    {
        self.cache(&mut out);
        let conditions = self.plan.checks.iter().flat_map(|check| &check.conditions);
        for condition in conditions {
            out.push_sql(" AND ");
            self.condition(condition, source, DB::LOCK, out.reborrow())?;
        }
        Ok(())
    }

    /// Writes the number of the checks that fail.
    pub(crate) fn failed<'b, DB>(
        &'b self,
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
        V: Values<DB>,
    {
        self.cache(&mut out);
        out.push_sql("0");
        let mut seen = 0;
        for (at, check) in self.plan.checks.iter().enumerate() {
            let bit = bit(at);
            if seen & bit != 0 {
                continue;
            }
            seen |= bit;
            let sharing = self.plan.checks.iter().enumerate();
            let sharing = sharing.filter(|(other, _)| self::bit(*other) == bit);
            let mut separator = " + (CASE WHEN ";
            for condition in sharing.flat_map(|(_, check)| &check.conditions) {
                out.push_sql(separator);
                self.condition(condition, source, "", out.reborrow())?;
                separator = " AND ";
            }
            debug_assert!(!check.conditions.is_empty());
            out.push_sql(" THEN 0 ELSE ");
            out.push_sql(&bit.to_string());
            out.push_sql(" END)");
        }
        Ok(())
    }

    /// A list of keys has as many texts as there are lengths: they are not kept.
    fn cache<DB: Dialect>(&self, out: &mut AstPass<'_, '_, DB>) {
        if self
            .plan
            .checks
            .iter()
            .any(|check| check.conditions.len() > 2)
        {
            out.unsafe_to_cache_prepared();
        }
    }
}
