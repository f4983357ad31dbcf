//! Each condition of a plan as SQL.

use super::checks::Checked;
use super::plan::{Condition, Of, Taken, TakenBy};
use super::values::Values;
use crate::access::Accepted;
use crate::dialect::{Dialect, KeyOn};
use crate::fragment::{Operand, Source};
use crate::organization_of::of_key;
use crate::path::Path;
use crate::policy::Standing;
use crate::relation::{Organization, Relation};
use crate::role::Role;
use crate::standing;
use crate::table_name::TableName;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

impl<K, V> Checked<K, V> {
    fn operand<'b, DB>(&'b self, of: &'b Of, source: Source, lock: &'static str) -> Operand<'b, DB>
    where
        DB: Dialect,
        V: Values<DB>,
    {
        match of {
            Of::Stored(column) => Operand::Column(source, column),
            Of::Key(key) => Operand::Key(key),
            Of::Given(column) => self.given(column, source),
            Of::Taken(taken) => self.taken(taken, source, lock),
        }
    }

    /// The organization that a new row takes.
    pub(super) fn taken<'b, DB>(
        &'b self,
        taken: &'b Taken,
        source: Source,
        lock: &'static str,
    ) -> Operand<'b, DB>
    where
        DB: Dialect,
        V: Values<DB>,
    {
        match &taken.key {
            TakenBy::Key(key) => Operand::OrganizationOfKey(taken.route, key, lock),
            TakenBy::Given(column) => match self.values.value(column) {
                Some(value) => Operand::OrganizationOf(taken.route, value, lock),
                None => Operand::Column(source, taken.column),
            },
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

    pub(super) fn condition<'b, DB>(
        &'b self,
        condition: &'b Condition,
        source: Source,
        lock: &'static str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
        V: Values<DB>,
    {
        match condition {
            Condition::Organization { of, roles } => {
                self.organization(self.operand(of, source, lock), roles, lock, out)
            }
            Condition::Target {
                relation,
                path,
                of,
                accepted,
            } => self.target(
                relation,
                *path,
                self.operand(of, source, lock),
                *accepted,
                lock,
                out,
            ),
            Condition::Agrees {
                relation,
                of,
                organization,
                unless,
                mirrors,
            } => {
                let organization = self.operand(organization, source, lock);
                if let Some(stored) = unless {
                    out.push_sql("(");
                    stays(Operand::Column(source, stored), organization, &mut out)?;
                    out.push_sql(" OR ");
                }
                let key = self.operand(of, source, lock);
                match mirrors {
                    Some(path) => mirrored(*path, (of, key), organization, lock, &mut out)?,
                    None => agrees(relation, key, organization, lock, &mut out)?,
                }
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
        lock: &'static str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        K: KeyOn<DB>,
    {
        if self.plan.superuser {
            self.plan.layout.push(
                "EXISTS (SELECT 1 FROM {organizations} AS orgscope_o WHERE orgscope_o.id = ",
                &mut out,
            )?;
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
        lock: &'static str,
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
    lock: &'static str,
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
pub(super) fn one_of<DB: Dialect>(accepted: Accepted, global: bool, out: &mut AstPass<'_, '_, DB>) {
    let standings = Role::ALL
        .map(Standing::Of)
        .into_iter()
        .chain([Standing::Shared])
        .chain(global.then_some(Standing::Global))
        .filter(|standing| accepted.accepts(*standing));
    standing::is_one_of(standings, out);
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

/// Writes that the organization is the one at the end of a path, which begins with this key; a row that is stored without the key mirrors nothing.
fn mirrored<'b, DB: Dialect>(
    path: Path,
    (of, key): (&Of, Operand<'b, DB>),
    organization: Operand<'b, DB>,
    lock: &'static str,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    out.push_sql("(");
    if matches!(of, Of::Stored(_)) {
        key.write(out)?;
        out.push_sql(" IS NULL OR ");
    }
    out.push_sql("COALESCE(");
    of_key(path.route, key, lock, out)?;
    out.push_sql(" = ");
    organization.write(out)?;
    out.push_sql(", 1 = 0))");
    Ok(())
}

/// Writes that the row of a relation belongs to an organization, or that one of the two belongs to none.
fn agrees<'b, DB: Dialect>(
    relation: &Relation,
    key: Operand<'b, DB>,
    organization: Operand<'b, DB>,
    lock: &'static str,
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
