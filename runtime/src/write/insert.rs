//! Inserting: nested rows before, joins after, and what was wrong if nothing was inserted.

use std::sync::Arc;

use super::checks::Checked;
use super::input::{Input, OrgInput, Report, Writes};
use super::insert_into::{InsertInto, Inserts};
use super::links::{Links, join};
use super::nested::{Around, Before};
use super::rules::Write;
use super::values::Columns;
use super::wanted::{Changed, Wanted, may_make, may_write};
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::field_errors::FieldErrors;
use crate::model::OrgScoped;
use crate::scoped::{Bounds, Scoped};
use crate::transaction::{Transaction, finish};

/// A row that is about to be inserted.
#[derive(Debug)]
pub struct ScopedInsert<M: OrgScoped, I: Writes> {
    bounds: Bounds<M::OrgKey>,
    inputs: Vec<Input<I>>,
}

impl<M: OrgScoped> Scoped<M> {
    /// Inserts a row, checked against the write role: its organization, every row that it refers to, and that they agree.
    /// An input of a handler is given as it came ([`Input`]), so that all of its mistakes are told together.
    ///
    /// Nothing happens before one of the statement's own methods is called.
    pub fn insert<I>(self, input: impl Into<Input<I>>) -> ScopedInsert<M, I>
    where
        I: OrgInput + Writes<Model = M>,
    {
        self.insert_many([input])
    }

    /// Inserts several rows, all of them or none. Mistakes are told under the number of the row, from 0.
    pub fn insert_many<I, N>(self, inputs: impl IntoIterator<Item = N>) -> ScopedInsert<M, I>
    where
        I: OrgInput + Writes<Model = M>,
        N: Into<Input<I>>,
    {
        ScopedInsert {
            bounds: self.into_write().bounds,
            inputs: inputs.into_iter().map(Into::into).collect(),
        }
    }
}

impl<M: OrgScoped, I: Writes<Model = M>> ScopedInsert<M, I> {
    /// Inserts, and returns the row.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong, by field; [`Error::Conflict`] where another row has what must be unique;
    /// [`Error::Denied`] for callers who may not write at all.
    pub fn get_result<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, M>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::map(self.get_results(conn), |rows| {
            rows?.pop().ok_or(Error::Denied(Denied::NotFound))
        })
    }

    /// Inserts, and returns the rows.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn get_results<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::map(self.run(Wanted::Rows, conn), |inserted| Ok(inserted?.rows))
    }

    /// Inserts, and returns the number of rows.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn execute<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::map(self.run(Wanted::Number, conn), |inserted| {
            Ok(inserted?.number)
        })
    }

    fn run<'c, C, K>(self, wanted: Wanted, conn: &'c mut C) -> K::Answer<'c, Changed<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::in_turn(async move {
            let ScopedInsert { bounds, inputs } = self;
            may_write(&bounds)?;
            may_make(&bounds)?;
            let several = inputs.len() != 1 || I::IS_SEVERAL;
            if several {
                K::wait(conn.begin()).await?;
            }
            let inserted = insert_all::<C, K, M, I>(&bounds, inputs, wanted, &mut *conn).await;
            finish(several, inserted, conn).await
        })
    }
}

async fn insert_all<C, K, M, I>(
    bounds: &Bounds<M::OrgKey>,
    inputs: Vec<Input<I>>,
    wanted: Wanted,
    conn: &mut C,
) -> Result<Changed<M>, Error>
where
    C: Send,
    K: Kind,
    I: Writes<Model = M>,
    I::Values: Links<M> + Before<C, K, M::OrgKey>,
    M: Inserts<C, K, I::Values> + Send,
{
    let single = inputs.len() == 1;
    let (mut all, mut errors) = (Changed::number(0), FieldErrors::none());
    for (number, input) in inputs.into_iter().enumerate() {
        let (values, mut report) = input.take_apart();
        let values = before::<C, K, M, I>(bounds, values, &mut report, &mut *conn).await?;
        let values = Arc::new(values);
        match insert_values::<C, K, M, I>(bounds, values, report, wanted, &mut *conn).await {
            Ok(inserted) => {
                all.number += inserted.number;
                all.rows.extend(inserted.rows);
            }
            Err(Error::Invalid(wrong)) if !single => errors.nest(number.to_string(), wrong),
            Err(error) => return Err(error),
        }
    }
    match errors.is_empty() {
        true => Ok(all),
        false => Err(Error::Invalid(errors)),
    }
}

/// Inserts the nested rows of one.
pub(super) async fn before<C, K, M, I>(
    bounds: &Bounds<M::OrgKey>,
    values: I::Values,
    report: &mut Report,
    conn: &mut C,
) -> Result<I::Values, Error>
where
    K: Kind,
    M: OrgScoped,
    I: Writes<Model = M>,
    I::Values: Before<C, K, M::OrgKey>,
{
    if !I::IS_SEVERAL {
        return Ok(values);
    }
    let name = crate::body::public_name::<I>;
    let around = Around { bounds, name };
    K::wait(values.before(&around, report, conn)).await
}

/// Inserts one row, and its joins after it.
pub(super) async fn insert_values<C, K, M, I>(
    bounds: &Bounds<M::OrgKey>,
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
    M: Inserts<C, K, I::Values> + Send,
{
    let mut errors = report.errors;
    let write = Write {
        grant: &bounds.grant,
        path: bounds.path,
        options: I::OPTIONS,
        under: bounds.under.as_ref(),
        nulls: &report.nulls,
        stored: false,
        errors: &mut errors,
    };
    let plan = write.plan::<M>(&*values)?;
    let checked = Arc::new(Checked { plan, values });
    let mut empty = bounds.under.is_none();
    checked.values.columns(&mut |_, _| empty = false);
    if empty && errors.is_empty() && !checked.plan.checks.is_empty() {
        // A row of defaults has no place for a condition.
        let failed = K::wait(M::failed(checked.clone(), &mut *conn)).await?;
        errors = checked
            .plan
            .errors(failed.first().copied().unwrap_or(0), errors);
    }
    if errors.is_empty() {
        let read_back = wanted == Wanted::Rows || I::IS_SEVERAL;
        let insert = InsertInto::new(checked.clone(), bounds.under.clone(), read_back);
        // The key of a row is needed to join it with others.
        let inserted = match wanted {
            Wanted::Number if !I::IS_SEVERAL => {
                Changed::number(K::wait(M::execute(insert, &mut *conn)).await?)
            }
            _ => Changed::rows(K::wait(M::insert(insert, &mut *conn)).await?),
        };
        let key = inserted
            .rows
            .first()
            .and_then(|row| checked.values.key(row));
        let links = key.map(|key| join::<M>(&*checked.values, &key));
        for link in links.into_iter().flatten() {
            K::wait(M::link(link, &mut *conn)).await?;
        }
        if inserted.number > 0 {
            return Ok(inserted);
        }
    }
    if !checked.plan.checks.is_empty() {
        let failed = K::wait(M::failed(checked.clone(), conn)).await?;
        errors = checked
            .plan
            .errors(failed.first().copied().unwrap_or(0), errors);
    }
    match errors.is_empty() {
        // What stood in the way is gone by now.
        true => Err(Error::Conflict),
        false => Err(Error::Invalid(errors)),
    }
}
