//! The predicate of a list: the row's organization is one of the caller's.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use crate::access::Shown;
use crate::audit;
use crate::dialect::{Dialect, KeyOn, letter_by_letter};
use crate::error::Denied;
use crate::fragment::{Source, expression_over_table};
use crate::membership;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::reach::{Organizations, Part, Reach};
use crate::scoped::Bounds;
use crate::standing;
use crate::traits::TraitsOf;
use crate::write::plan::Under;

/// The rows of `M` that a caller reaches, as a `WHERE` or `ON` condition.
#[derive(Debug)]
pub struct InScope<M: OrgScoped> {
    pub(crate) reached: Reached<M::OrgKey>,
    model: PhantomData<fn() -> M>,
}

/// The same condition for a table that is known as data only.
#[derive(Debug)]
pub(crate) struct Reached<K> {
    reach: Arc<Reach<K>>,
    traits: Option<Arc<TraitsOf>>,
    path: Path,
    under: Option<Under>,
    range: Range,
}

/// Which of the rows in scope are meant.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Range {
    All,
    /// Those that belong to an organization.
    OfOrganizations,
    /// Those that are shared.
    Shared,
}

impl Range {
    /// The rows of a part that are in the range, if there are any: those of organizations, and the shared ones.
    fn of<K>(self, part: &Part<K>) -> Option<(&Organizations<K>, bool)> {
        let range = match self {
            Range::All => (&part.organizations, part.shared),
            Range::OfOrganizations => (&part.organizations, false),
            Range::Shared => (&Organizations::None, part.shared),
        };
        let is_empty = matches!(range, (Organizations::None, false));
        (!is_empty || self == Range::All).then_some(range)
    }
}

expression_over_table!(InScope: diesel::sql_types::Bool);

impl<M: OrgScoped> Clone for InScope<M> {
    fn clone(&self) -> Self {
        InScope::of(self.reached.clone())
    }
}

impl<K> Clone for Reached<K> {
    fn clone(&self) -> Self {
        Reached {
            reach: self.reach.clone(),
            traits: self.traits.clone(),
            path: self.path,
            under: self.under.clone(),
            range: self.range,
        }
    }
}

impl<M: OrgScoped> InScope<M> {
    pub(crate) fn new(bounds: &Bounds<M::OrgKey>) -> Self {
        Self::with(bounds.grant.reach(bounds.path.is_global()).clone(), bounds)
    }

    /// The same condition for a statement about one row.
    pub(crate) fn of_one(bounds: &Bounds<M::OrgKey>) -> Self {
        Self::with(bounds.grant.reach_of_one(bounds.path.is_global()), bounds)
    }

    fn with(reach: Arc<Reach<M::OrgKey>>, bounds: &Bounds<M::OrgKey>) -> Self {
        InScope::of(Reached {
            traits: TraitsOf::new::<M>(&bounds.grant).map(Arc::new),
            under: bounds.under.clone(),
            ..Reached::of(reach, bounds.path)
        })
    }

    fn of(reached: Reached<M::OrgKey>) -> Self {
        let model = PhantomData;
        InScope { reached, model }
    }

    /// The same condition in parts that have no row in common. An index counts each by itself; of `… OR organization_id IS NULL`
    /// databases read the rows.
    pub(crate) fn apart(self) -> Vec<Self> {
        let parts = self.reached.apart().into_iter();
        parts.map(InScope::of).collect()
    }
}

impl<M, DB> QueryFragment<DB> for InScope<M>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    i32: KeyOn<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.reached.walk_ast(out)
    }
}

impl<K> Reached<K> {
    /// What a caller reaches of the rows with this path.
    pub(crate) fn of(reach: Arc<Reach<K>>, path: Path) -> Reached<K> {
        Reached {
            reach,
            traits: None,
            path,
            under: None,
            range: Range::All,
        }
    }

    fn apart(self) -> Vec<Self> {
        let ranges = [Range::OfOrganizations, Range::Shared];
        let is_column = matches!(self.path.route, Route::Column { shared: true, .. });
        match &*self.reach {
            Reach::Parts(parts) if is_column => {
                let has_rows = |range: &Range| parts.iter().any(|part| range.of(part).is_some());
                match ranges.iter().all(has_rows) {
                    true => ranges
                        .map(|range| Reached {
                            range,
                            ..self.clone()
                        })
                        .into(),
                    false => vec![self],
                }
            }
            _ => vec![self],
        }
    }
}

impl<K: KeyOn<DB>, DB: Dialect> QueryFragment<DB> for Reached<K>
where
    i32: KeyOn<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let source = Source::Model(self.path.table);
        audit::scope_of(self.path.table, &mut out)?;
        match &*self.reach {
            Reach::Everything => out.push_sql("1 = 1"),
            Reach::Nothing => out.push_sql("1 = 0"),
            Reach::Undecided => {
                let undecided = Box::new(Denied::Undecided);
                return Err(diesel::result::Error::QueryBuilderError(undecided));
            }
            Reach::Global(shown) => self.shown(shown, source, out.reborrow())?,
            Reach::Parts(parts) => {
                let mut separator = "(";
                let in_range = |part| Some((part, self.range.of(part)?));
                for (part, range) in parts.iter().filter_map(in_range) {
                    out.push_sql(separator);
                    route(self.path.route, source, range, out.reborrow())?;
                    self.and_shown(&part.shown, source, out.reborrow())?;
                    separator = " OR ";
                }
                out.push_sql(")");
            }
            Reach::ByStanding(authority, groups) => {
                let mut separator = "(";
                for (standings, shown) in groups {
                    out.push_sql(separator);
                    standing::one_of(self.path, authority.as_ref(), standings, out.reborrow())?;
                    self.and_shown(shown, source, out.reborrow())?;
                    separator = " OR ";
                }
                out.push_sql(if groups.is_empty() { "(1 = 0)" } else { ")" });
            }
        }
        if let Some(under) = &self.under {
            out.push_sql(" AND ");
            under.holds(source, &mut out)?;
        }
        Ok(())
    }
}

impl<K> Reached<K> {
    /// What has to hold for a row itself, if anything.
    fn and_shown<'b, DB>(
        &'b self,
        shown: &'b Shown,
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        i32: KeyOn<DB>,
    {
        if *shown == Shown::All {
            return Ok(());
        }
        out.push_sql(" AND ");
        self.shown(shown, source, out)
    }

    fn shown<'b, DB>(
        &'b self,
        shown: &'b Shown,
        source: Source,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        DB: Dialect,
        i32: KeyOn<DB>,
    {
        match (shown, &self.traits) {
            (Shown::All, _) => out.push_sql("1 = 1"),
            (Shown::Some(wanted), Some(traits)) => traits.one_of(wanted, source, out)?,
            (Shown::None, _) | (Shown::Some(_), None) => out.push_sql("1 = 0"),
        }
        Ok(())
    }
}

/// Follows the route from a table: `fk IN (SELECT key FROM parent WHERE …)` for each hop, the condition at its end.
fn route<'b, DB: Dialect, K: KeyOn<DB>>(
    route: &'static Route,
    source: Source,
    (organizations, shared): (&'b Organizations<K>, bool),
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
            self::route(rest, inner, (organizations, shared), out.reborrow())?;
            out.push_sql(")");
        }
    }
    Ok(())
}

/// Writes the condition that a column is the key of one of these organizations.
#[cfg(feature = "browsable")]
pub(crate) fn organizations<'b, DB: Dialect, K: KeyOn<DB>>(
    column: &str,
    source: Source,
    organizations: &'b Organizations<K>,
    out: AstPass<'_, 'b, DB>,
) -> QueryResult<()> {
    condition(column, source, organizations, false, out)
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
            member: Some(member),
            roles,
            ..
        }
        | Organizations::Memberships { member, roles } => {
            source.column(column, &mut out)?;
            out.push_sql(" IN (SELECT orgscope_m.organization_id");
            out.push_sql(letter_by_letter::<DB, K>());
            membership::of_user(member, out.reborrow())?;
            membership::has_role(*roles, &mut out);
            out.push_sql(")");
        }
        Organizations::Keys { member: None, .. } => {
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
