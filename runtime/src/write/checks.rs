//! The checks of a plan as SQL: as the condition of a write, and as a number that says which of them fail.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer};

use super::plan::{Condition, Of, Plan, bit};
use super::values::Values;
use crate::access::Accepted;
use crate::dialect::{Dialect, KeyOn};
use crate::fragment::{Operand, Source};
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::policy::Standing;
use crate::predicate::InScope;
use crate::relation::{Organization, Relation};
use crate::role::Role;
use crate::scoped::Bounds;
use crate::standing;
use crate::table_name::TableName;

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
    /// The condition within the bounds of a scope.
    pub(crate) fn new(bounds: &Bounds<M::OrgKey>, checked: Arc<Checked<M::OrgKey, V>>) -> Self {
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
            scope: InScope::new(bounds),
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

    fn operand<'b, DB>(&'b self, of: &'b Of, source: Source) -> Operand<'b, DB>
    where
        DB: Dialect,
        V: Values<DB>,
    {
        match of {
            Of::Stored(column) => Operand::Column(source, column),
            Of::Key(key) => Operand::Key(key),
            Of::Given(column) => self.given(column, source),
        }
    }

    fn given<'b, DB>(&'b self, column: &'static str, source: Source) -> Operand<'b, DB>
    where
        DB: Dialect,
        V: Values<DB>,
    {
        match self.values.value(column) {
            Some(value) => Operand::Value(value),
            None => Operand::Column(source, column),
        }
    }

    fn condition<'b, DB>(
        &'b self,
        condition: &'b Condition,
        source: Source,
        lock: &str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
        V: Values<DB>,
    {
        match condition {
            Condition::Organization { of, roles } => {
                self.organization(self.operand(of, source), roles, lock, out)
            }
            Condition::Target {
                relation,
                path,
                of,
                accepted,
            } => self.target(
                relation,
                *path,
                self.operand(of, source),
                *accepted,
                lock,
                out,
            ),
            Condition::Agrees {
                relation,
                of,
                organization,
                unless,
            } => {
                let organization = self.operand(organization, source);
                if let Some(stored) = unless {
                    out.push_sql("(");
                    stays(Operand::Column(source, stored), organization, &mut out)?;
                    out.push_sql(" OR ");
                }
                agrees(
                    relation,
                    self.operand(of, source),
                    organization,
                    lock,
                    &mut out,
                )?;
                out.push_sql(if unless.is_some() { ")" } else { "" });
                Ok(())
            }
            Condition::ManyAgree {
                relation,
                organization,
            } => {
                let new = self.given(organization.column, source);
                out.push_sql("(");
                stays(Operand::Column(source, organization.column), new, &mut out)?;
                many_agree(relation, source, new, out.reborrow())?;
                out.push_sql(")");
                Ok(())
            }
            Condition::Unpinned {
                dependent,
                organization,
            } => {
                let stored = Operand::Column(source, organization.column);
                let new = self.given(organization.column, source);
                out.push_sql("(");
                stays(stored, new, &mut out)?;
                out.push_sql(" OR NOT EXISTS (SELECT 1 FROM ");
                DB::table(dependent.table, out.reborrow())?;
                out.push_sql(" AS orgscope_1 WHERE orgscope_1.");
                out.push_identifier(dependent.column)?;
                out.push_sql(" = ");
                source.column(dependent.key, &mut out)?;
                out.push_sql("))");
                Ok(())
            }
        }
    }

    fn organization<'b, DB>(
        &'b self,
        organization: Operand<'b, DB>,
        roles: &[bool; 3],
        lock: &str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
    {
        if self.plan.superuser {
            out.push_sql(
                "EXISTS (SELECT 1 FROM organizations AS orgscope_o WHERE orgscope_o.id = ",
            );
            organization.write(&mut out)?;
            out.push_sql(lock);
            out.push_sql(")");
            return Ok(());
        }
        out.push_sql("CASE WHEN ");
        organization.write(&mut out)?;
        out.push_sql(" IS NULL THEN NULL");
        let authority = self.plan.authority.as_ref();
        standing::role(organization, authority, lock, out.reborrow())?;
        out.push_sql(" END");
        let accepted = Accepted {
            roles: *roles,
            shared: false,
        };
        one_of(accepted, false, &mut out);
        Ok(())
    }

    fn target<'b, DB>(
        &'b self,
        relation: &Relation,
        path: Path,
        key: Operand<'b, DB>,
        accepted: Accepted,
        lock: &str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
    {
        let source = Source::Alias(1);
        if self.plan.superuser {
            out.push_sql("EXISTS (SELECT 1");
        } else {
            out.push_sql("(SELECT ");
            let authority = self.plan.authority.as_ref();
            standing::route(path.route, source, authority, lock, out.reborrow())?;
        }
        from_row(path.table, relation.key, key, lock, &mut out)?;
        if !self.plan.superuser {
            one_of(accepted, path.is_global(), &mut out);
        }
        Ok(())
    }
}

/// Writes ` FROM table AS orgscope_1 WHERE orgscope_1.key = …)`.
fn from_row<'b, DB: Dialect>(
    table: &'static dyn TableName,
    column: &str,
    key: Operand<'b, DB>,
    lock: &str,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let source = Source::Alias(1);
    out.push_sql(" FROM ");
    DB::table(table, out.reborrow())?;
    out.push_sql(" AS ");
    source.name(out)?;
    out.push_sql(" WHERE ");
    source.column(column, out)?;
    out.push_sql(" = ");
    key.write(out)?;
    out.push_sql(lock);
    out.push_sql(")");
    Ok(())
}

/// Writes that the standing to the left is an accepted one.
fn one_of<DB: Dialect>(accepted: Accepted, global: bool, out: &mut AstPass<'_, '_, DB>) {
    let standings = Role::ALL
        .map(Standing::Of)
        .into_iter()
        .chain([Standing::Shared])
        .chain(global.then_some(Standing::Global))
        .filter(|standing| accepted.accepts(*standing));
    let mut separator = " IN (";
    for standing in standings {
        out.push_sql(separator);
        out.push_sql(&standing::code(standing).to_string());
        separator = ", ";
    }
    // No standing is accepted: a number that none has.
    out.push_sql(if separator == " IN (" {
        " IN (-9)"
    } else {
        ")"
    });
}

/// Writes that the organization stays what it is.
fn stays<'b, DB: Dialect>(
    stored: Operand<'b, DB>,
    new: Operand<'b, DB>,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    out.push_sql("COALESCE(");
    stored.write(out)?;
    out.push_sql(" = ");
    new.write(out)?;
    out.push_sql(", ");
    stored.write(out)?;
    out.push_sql(" IS NULL AND ");
    new.write(out)?;
    out.push_sql(" IS NULL)");
    Ok(())
}

/// Writes that the row of a relation belongs to an organization, or that one of the two belongs to none.
fn agrees<'b, DB: Dialect>(
    relation: &Relation,
    key: Operand<'b, DB>,
    organization: Operand<'b, DB>,
    lock: &str,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let Some(own) = relation.organization else {
        out.push_sql("1 = 1");
        return Ok(());
    };
    out.push_sql("COALESCE((SELECT ");
    Source::Alias(1).column(own.column, out)?;
    from_row(relation.path.table, relation.key, key, lock, out)?;
    out.push_sql(" = ");
    organization.write(out)?;
    out.push_sql(", 1 = 1)");
    Ok(())
}

/// Writes ` OR NOT EXISTS (…)`: no row of the join table refers to a row of another organization.
fn many_agree<'b, DB: Dialect>(
    relation: &Relation,
    source: Source,
    organization: Operand<'b, DB>,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    let (Some(through), Some(Organization { column, .. })) =
        (relation.through, relation.organization)
    else {
        return Ok(());
    };
    let (target, join) = (Source::Alias(1), Source::Alias(2));
    out.push_sql(" OR NOT EXISTS (SELECT 1 FROM ");
    DB::table(through.table, out.reborrow())?;
    out.push_sql(" AS ");
    join.name(&mut out)?;
    out.push_sql(" INNER JOIN ");
    DB::table(relation.path.table, out.reborrow())?;
    out.push_sql(" AS ");
    target.name(&mut out)?;
    out.push_sql(" ON ");
    target.column(relation.key, &mut out)?;
    out.push_sql(" = ");
    join.column(through.target, &mut out)?;
    out.push_sql(" WHERE ");
    join.column(through.row, &mut out)?;
    out.push_sql(" = ");
    source.column(relation.column, &mut out)?;
    out.push_sql(" AND ");
    target.column(column, &mut out)?;
    out.push_sql(" <> ");
    organization.write(&mut out)?;
    out.push_sql(")");
    Ok(())
}
