//! The standing of one row as a column of the statement that loads it.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable};

use crate::audit;
use crate::dialect::{Dialect, KeyOn, letter_by_letter};
use crate::fragment::{Operand, Source, expression_over_table};
use crate::membership;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::policy::{Row, Standing, Traits};
use crate::principal::{Authority, Principal};
use crate::role::Role;
use crate::scoped::Bounds;
use crate::traits::TraitsOf;
use crate::write::plan::Under;

/// The caller's standing to a row of `M`, as a number: NULL when the path breaks, -1 for a shared row, 0 for an
/// organization without a role, the role's code, 4 without a tenant. It asks for the one membership that the row needs, so
/// that one row costs the same whatever the number of the caller's organizations.
///
/// Where the policy asks something of the row itself, the number is `8 * traits + standing + 2`, NULL being -2.
#[derive(Debug)]
pub struct StandingOf<M: OrgScoped> {
    authority: Option<Authority<M::OrgKey>>,
    traits: Option<TraitsOf>,
    path: Path,
    under: Option<Under>,
    model: PhantomData<fn() -> M>,
}

expression_over_table!(StandingOf: Nullable<Integer>);

impl<M: OrgScoped> StandingOf<M> {
    pub(crate) fn new(bounds: &Bounds<M::OrgKey>) -> Self {
        StandingOf {
            authority: bounds.grant.principal().map(Principal::authority),
            traits: TraitsOf::new::<M>(&bounds.grant),
            path: bounds.path,
            under: bounds.under.clone(),
            model: PhantomData,
        }
    }

    /// That of a row of which nothing needs to be known but that it is there, and under its parent: as if it had no tenant.
    pub(crate) fn of_any_row(bounds: &Bounds<M::OrgKey>) -> Self {
        StandingOf {
            authority: None,
            traits: None,
            path: Path::global(bounds.path.table),
            under: bounds.under.clone(),
            model: PhantomData,
        }
    }

    /// How the number is read.
    pub(crate) fn reading(&self) -> Reading {
        let traits = self.traits.is_some();
        Reading { traits }
    }
}

/// How the number of a row is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    traits: bool,
}

impl Reading {
    /// The row that a number stands for; `None` for one that is not under the row in the URL.
    pub(crate) fn row(self, code: Option<i32>) -> Option<Row<'static>> {
        if code == Some(ELSEWHERE) {
            return None;
        }
        let (standing, traits) = match code {
            Some(code) if self.traits => (Some(code % 8 - 2), usize::try_from(code / 8)),
            code => (code, Ok(0)),
        };
        Some(Row {
            traits: Traits(traits.unwrap_or(0)),
            ..Row::of(self::standing(standing.unwrap_or(NOBODY)))
        })
    }
}

const ELSEWHERE: i32 = -9;
const NOBODY: i32 = -2;
const GLOBAL: i32 = 4;

/// The numbers of standings as SQL, from `NOBODY` on: they are written several times for each statement.
const CODES: [&str; 7] = ["-2", "-1", "0", "1", "2", "3", "4"];

fn standing(code: i32) -> Standing {
    match code {
        NOBODY => Standing::Nobody,
        -1 => Standing::Shared,
        GLOBAL => Standing::Global,
        code => Role::from_code(code).map_or(Standing::Foreign, Standing::Of),
    }
}

pub(crate) fn code(standing: Standing) -> i32 {
    match standing {
        Standing::Nobody => NOBODY,
        Standing::Shared => -1,
        Standing::Foreign => 0,
        Standing::Of(role) => role.code(),
        Standing::Global => GLOBAL,
    }
}

impl<M, DB> QueryFragment<DB> for StandingOf<M>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    i32: KeyOn<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let source = Source::Model(self.path.table);
        let authority = self.authority.as_ref();
        audit::scope_of(self.path.table, &mut out)?;
        if let Some(under) = &self.under {
            out.push_sql("CASE WHEN ");
            under.holds(source, &mut out)?;
            out.push_sql(" THEN ");
        }
        match &self.traits {
            None => route(self.path.route, source, authority, "", out.reborrow())?,
            Some(traits) => {
                out.push_sql("(8 * (");
                traits.number(source, out.reborrow())?;
                out.push_sql(") + COALESCE(");
                route(self.path.route, source, authority, "", out.reborrow())?;
                out.push_sql(", -2) + 2)");
            }
        }
        if self.under.is_some() {
            out.push_sql(" ELSE ");
            out.push_sql(&ELSEWHERE.to_string());
            out.push_sql(" END");
        }
        Ok(())
    }
}

/// Writes the condition that a row of the path's table has one of the standings.
pub(crate) fn one_of<'b, DB: Dialect, K: KeyOn<DB>>(
    path: Path,
    authority: Option<&'b Authority<K>>,
    standings: &[Standing],
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    out.push_sql("COALESCE(");
    route(
        path.route,
        Source::Model(path.table),
        authority,
        "",
        out.reborrow(),
    )?;
    out.push_sql(", -2)");
    is_one_of(standings.iter().copied(), &mut out);
    Ok(())
}

/// Writes that the number to the left is that of one of the standings. Numbers in a row are a range: for a list, SQLite builds an index
/// each time.
pub(crate) fn is_one_of<DB: Dialect>(
    standings: impl Iterator<Item = Standing>,
    out: &mut AstPass<'_, '_, DB>,
) {
    let mut wanted = [false; CODES.len()];
    for standing in standings {
        wanted[usize::try_from(code(standing) - NOBODY).unwrap_or_default()] = true;
    }
    let first = wanted.iter().position(|wanted| *wanted);
    let last = wanted.iter().rposition(|wanted| *wanted);
    match first.zip(last) {
        // A number that none has.
        None => out.push_sql(" = -9"),
        Some((first, last)) if first == last => {
            out.push_sql(" = ");
            out.push_sql(CODES[first]);
        }
        Some((first, last)) if !wanted[first..=last].contains(&false) => {
            out.push_sql(" BETWEEN ");
            out.push_sql(CODES[first]);
            out.push_sql(" AND ");
            out.push_sql(CODES[last]);
        }
        Some(_) => {
            let mut separator = " IN (";
            for (code, _) in CODES.iter().zip(wanted).filter(|(_, wanted)| *wanted) {
                out.push_sql(separator);
                out.push_sql(code);
                separator = ", ";
            }
            out.push_sql(")");
        }
    }
}

/// Follows the route from a table, one scalar subquery for each hop: a missing parent makes the whole NULL. `lock` follows
/// each of them.
pub(crate) fn route<'b, DB: Dialect, K: KeyOn<DB>>(
    route: &'static Route,
    source: Source,
    authority: Option<&'b Authority<K>>,
    lock: &str,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    match route {
        Route::Global => out.push_sql("4"),
        Route::Column { column, shared } => {
            out.push_sql("CASE WHEN ");
            source.column(column, &mut out)?;
            out.push_sql(if *shared {
                " IS NULL THEN -1"
            } else {
                " IS NULL THEN NULL"
            });
            role(
                Operand::Column(source, column),
                authority,
                lock,
                out.reborrow(),
            )?;
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
            self::route(rest, inner, authority, lock, out.reborrow())?;
            out.push_sql(" FROM ");
            DB::table(*parent, out.reborrow())?;
            out.push_sql(" AS ");
            inner.name(&mut out)?;
            out.push_sql(" WHERE ");
            inner.column(key, &mut out)?;
            out.push_sql(" = ");
            source.column(column, &mut out)?;
            out.push_sql(lock);
            out.push_sql(")");
        }
    }
    Ok(())
}

/// The branches for the caller's role in an organization, 0 for none.
pub(crate) fn role<'b, DB: Dialect, K: KeyOn<DB>>(
    organization: Operand<'b, DB>,
    authority: Option<&'b Authority<K>>,
    lock: &str,
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    match authority {
        None => out.push_sql(" ELSE 0"),
        Some(Authority::Tables(member)) => {
            out.push_sql(" ELSE COALESCE((SELECT orgscope_m.role");
            membership::of_user(member, out.reborrow())?;
            out.push_sql(" AND orgscope_m.organization_id");
            out.push_sql(letter_by_letter::<DB, K>());
            out.push_sql(" = ");
            organization.write(&mut out)?;
            out.push_sql(lock);
            out.push_sql("), 0)");
        }
        Some(Authority::Given(by_role)) => {
            for (role, keys) in Role::ALL.into_iter().zip(by_role.iter()) {
                if keys.keys().is_empty() {
                    continue;
                }
                out.push_sql(" WHEN ");
                organization.write(&mut out)?;
                K::is_one_of(keys, out.reborrow())?;
                out.push_sql(" THEN ");
                out.push_sql(&role.code().to_string());
            }
            out.push_sql(" ELSE 0");
        }
    }
    Ok(())
}
