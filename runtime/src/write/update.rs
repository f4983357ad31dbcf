//! Changing: in a transaction where the row may move, joins after it, and what was wrong if nothing was changed.

use super::checks::{Checked, MayWrite};
use super::input::{Input, OrgChangeset, Report, Writes};
use super::links::{Links, replace};
use super::rules::Write;
use super::update_set::Updates;
use super::values::Columns;
use super::wanted::{Changed, Wanted, may_write, with_writing_credential};
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::field_errors::FieldErrors;
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::reach::Reach;
use crate::scoped::{Refused, Scoped};
use crate::selection::Chosen;
use crate::transaction::{Transaction, finish};
use std::sync::Arc;

/// Rows that are about to be changed.
#[derive(Debug)]
pub struct ScopedUpdate<M: OrgScoped, Q, I: Writes> {
    scope: Scoped<M, Q>,
    input: Input<I>,
}

impl<M: OrgScoped, Q> Scoped<M, Q> {
    /// Changes the rows of this query that the caller may change. Changes are checked like the rows of an
    /// [`insert`](Scoped::insert), and the row has to be the caller's to change before and after.
    ///
    /// Nothing happens before one of the statement's own methods is called.
    pub fn update<I>(self, changes: impl Into<Input<I>>) -> ScopedUpdate<M, Q, I>
    where
        I: OrgChangeset + Writes<Model = M>,
    {
        ScopedUpdate {
            scope: self.into_write(),
            input: changes.into(),
        }
    }
}

impl<M: OrgScoped, Q, I: Writes<Model = M>> ScopedUpdate<M, Q, I> {
    /// Changes the row, and returns it.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when there is no such row that the caller may change; [`Error::Invalid`] with what is wrong, by
    /// field; [`Error::Conflict`] where another row has what must be unique.
    pub fn get_result<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, M>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::map(self.get_results(conn), |rows| {
            rows?.pop().ok_or(Error::Denied(Denied::NotFound))
        })
    }

    /// Changes the rows, and returns the number of them.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn execute<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::map(
            self.run(Wanted::Number, conn),
            |changed| Ok(changed?.number),
        )
    }

    /// Changes the rows, and returns them. A database that does not return them is asked for the rows of the same query
    /// again.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn get_results<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::map(self.run(Wanted::Rows, conn), |changed| Ok(changed?.rows))
    }

    fn run<'c, C, K>(self, wanted: Wanted, conn: &'c mut C) -> K::Answer<'c, Changed<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::in_turn(async move {
            let ScopedUpdate { scope, input } = self;
            may_write(&scope.bounds)?;
            let (values, report) = input.take_apart();
            let several = I::IS_SEVERAL || moves::<M>(&values) || is_bulk(&scope);
            if several {
                K::wait(conn.begin()).await?;
            }
            let values = Arc::new(values);
            let updated = update::<C, K, M, Q, I>(scope, values, report, wanted, &mut *conn).await;
            finish(several, updated, conn).await
        })
    }
}

/// Whether the row may move to another organization, away from what it refers to and what refers to it.
fn moves<M: OrgScoped>(values: &impl Columns) -> bool {
    let mut moves = false;
    values.columns(&mut |column, _| {
        moves |= M::ORGANIZATION.is_some_and(|organization| organization.column == column);
    });
    moves && !(M::RELATIONS.is_empty() && M::DEPENDENTS.is_empty())
}

/// Whether there may be several rows, which the checks may tell apart.
fn is_bulk<M: OrgScoped, Q>(scope: &Scoped<M, Q>) -> bool {
    !scope.one && M::ORGANIZATION.is_some() && !M::RELATIONS.is_empty()
}

/// Changes the rows of a scope, all of them or none. In a transaction, where the row may move or there may be several.
pub(super) async fn update<C, K, M, Q, I>(
    scope: Scoped<M, Q>,
    values: Arc<I::Values>,
    report: Report,
    wanted: Wanted,
    conn: &mut C,
) -> Result<Changed<M>, Error>
where
    C: Send,
    K: Kind,
    I: Writes<Model = M>,
    I::Values: Links<M>,
    M: OrgScoped + Send,
    Q: Updates<C, K, M, I::Values> + Clone + Send,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    reachable(&scope)?;
    if let Some(pending) = &scope.pending {
        pending.look::<M, C, K>(&mut *conn).await?;
    }
    let (bulk, one) = (is_bulk(&scope), scope.one);
    let (bounds, query) = (scope.bounds, scope.query);
    let mut errors = report.errors;
    let write = Write {
        grant: &bounds.grant,
        path: bounds.path,
        options: I::OPTIONS,
        under: bounds.under.as_ref(),
        nulls: &report.nulls,
        stored: true,
        errors: &mut errors,
    };
    let plan = write.plan::<M>(&*values)?;
    let mut changes = false;
    values.columns(&mut |_, _| changes = true);
    let checked = Arc::new(Checked { plan, values });
    if errors.is_empty() {
        let may = || MayWrite::new(&bounds, one, checked.clone());
        let bulk = bulk && checked.plan.asks_of_rows();
        if bulk || checked.plan.needs_lock() {
            K::wait(query.clone().lock(may(), &mut *conn)).await?;
        }
        if bulk {
            let failed = query
                .clone()
                .failed(InScope::new(&bounds), checked.clone(), &mut *conn);
            let failed = checks_failed(&K::wait(failed).await?);
            if failed != 0 {
                return Err(Error::Invalid(checked.plan.errors(failed, errors)));
            }
        }
        let (may, under) = (may(), bounds.under.clone());
        let query = query.clone();
        let changed = match (changes || I::IS_SEVERAL, wanted) {
            (false, _) => Changed::rows(K::wait(query.read(may, &mut *conn)).await?),
            (true, Wanted::Number) if !I::IS_SEVERAL => {
                Changed::number(K::wait(query.execute(may, under, &mut *conn)).await?)
            }
            (true, _) => Changed::rows(K::wait(query.update(may, &bounds, &mut *conn)).await?),
        };
        let keys = changed
            .rows
            .iter()
            .filter_map(|row| checked.values.key(row));
        let links = keys.flat_map(|key| replace::<M>(&*checked.values, &key));
        for link in links.collect::<Vec<_>>() {
            K::wait(Q::link(link, &mut *conn)).await?;
        }
        if changed.number > 0 {
            return Ok(changed);
        }
    }
    let failed = query.failed(InScope::new(&bounds), checked.clone(), conn);
    let failed = K::wait(failed).await?;
    if failed.is_empty() {
        return Err(Error::Denied(Denied::NotFound));
    }
    let errors: FieldErrors = checked.plan.errors(checks_failed(&failed), errors);
    match errors.is_empty() {
        true => Err(Error::Conflict),
        false => Err(Error::Invalid(errors)),
    }
}

/// The checks that fail for any of the rows.
fn checks_failed(rows: &[i32]) -> i32 {
    rows.iter().fold(0, |all, one| all | one)
}

/// Whether there can be rows at all.
pub(crate) fn reachable<M: OrgScoped, Q>(scope: &Scoped<M, Q>) -> Result<(), Denied> {
    with_writing_credential(&scope.bounds)?;
    if !scope.holders_are_known() {
        return Err(Denied::Undecided);
    }
    match **scope.bounds.grant.reach(scope.bounds.path.is_global()) {
        Reach::Nothing => Err(Denied::NotFound),
        Reach::Undecided => Err(Denied::Undecided),
        _ => Ok(()),
    }
}
