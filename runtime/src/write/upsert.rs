//! Changing the row that a query finds, or else inserting one: in one transaction, and never another tenant's row.

use std::sync::Arc;

use super::input::{Input, OrgInput, Writes};
use super::insert::{before, insert_values};
use super::insert_into::Inserts;
use super::links::Links;
use super::nested::Before;
use super::update::update;
use super::update_set::Updates;
use super::wanted::{Wanted, may_make, may_write};
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::model::OrgScoped;
use crate::scoped::{Refused, Scoped};
use crate::selection::Chosen;
use crate::transaction::{Transaction, finish};

/// A row that is about to be changed, or inserted if there is none.
#[derive(Debug)]
pub struct ScopedUpsert<M: OrgScoped, Q, I: Writes> {
    scope: Scoped<M, Q>,
    input: Input<I>,
}

impl<M: OrgScoped, Q> Scoped<M, Q> {
    /// Gives the row of this query the values of an input, or inserts them as a new row if there is no such row that the
    /// caller may change.
    ///
    /// It is no `ON CONFLICT`: that could change whatever row has the same unique key, another tenant's as well. Here such a
    /// row is a [`Conflict`](Error::Conflict).
    ///
    /// Nothing happens before [`get_result`](ScopedUpsert::get_result) is called.
    pub fn upsert<I>(self, input: impl Into<Input<I>>) -> ScopedUpsert<M, Q, I>
    where
        I: OrgInput + Writes<Model = M>,
    {
        ScopedUpsert {
            scope: self.into_write(),
            input: input.into(),
        }
    }
}

impl<M: OrgScoped, Q, I: Writes<Model = M>> ScopedUpsert<M, Q, I> {
    /// Changes or inserts, and returns the row.
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
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::in_turn(async move {
            let ScopedUpsert { scope, input } = self;
            may_write(&scope.bounds)?;
            may_make(&scope.bounds)?;
            K::wait(conn.begin()).await?;
            let written = upsert::<C, K, M, Q, I>(scope, input, &mut *conn).await;
            finish(true, written, conn).await
        })
    }
}

async fn upsert<C, K, M, Q, I>(
    scope: Scoped<M, Q>,
    input: Input<I>,
    conn: &mut C,
) -> Result<M, Error>
where
    C: Send,
    K: Kind,
    I: Writes<Model = M>,
    I::Values: Links<M> + Before<C, K, M::OrgKey>,
    M: Inserts<C, K, I::Values> + Send,
    Q: Updates<C, K, M, I::Values> + Clone + Send,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    let bounds = scope.bounds.clone();
    let (values, mut report) = input.take_apart();
    let values = before::<C, K, M, I>(&bounds, values, &mut report, &mut *conn).await?;
    let values = Arc::new(values);
    let (own, known) = (values.clone(), report.clone());
    let changed = update::<C, K, M, Q, I>(scope, own, known, Wanted::Rows, &mut *conn).await;
    let changed = match changed {
        Err(Error::Denied(Denied::NotFound)) => {
            insert_values::<C, K, M, I>(&bounds, values, report, Wanted::Rows, conn).await
        }
        changed => changed,
    };
    changed?.rows.pop().ok_or(Error::Denied(Denied::NotFound))
}
