//! A model whose rows can be listed, got and deleted, and asked where they belong.

use std::fmt::Debug;

use diesel::dsl;
use diesel::query_dsl::methods::FindDsl;

use super::callers::Caller;
use super::truth::{Arrives, Home, OrganizationOf};
use crate::access::Access;
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::model::{Keyed, OrgScoped};
use crate::scoped::{Deletes, GetByKey, Refused, RunScoped, Scoped, Start};
use crate::selection::{Chosen, WithColumns};
use crate::transaction::Transaction;

/// What a row has beside it: the organization, and whether there is a way to it.
type Beside<M> = (OrganizationOf<M>, Arrives<M>);

/// A row with what is beside it.
type Everything<M> = (M, (Option<<M as OrgScoped>::OrgKey>, i32));

/// A model that can be tested on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be tested on `{C}` [org123]",
    note = "the model needs `#[derive(Queryable, Selectable)]`, and a primary key that can be compared and printed"
)]
pub trait Subject<C, K: Kind>:
    Keyed<Key: PartialEq + Debug + Sync> + GetByKey<C, K> + Send
{
    #[doc(hidden)]
    fn everything<'c>(conn: &'c mut C) -> K::Answer<'c, Vec<Everything<Self>>>
    where
        Self: 'c;

    #[doc(hidden)]
    fn list<'c>(scope: Scoped<Self>, conn: &'c mut C) -> K::Answer<'c, Vec<Self>>
    where
        Self: 'c;

    #[doc(hidden)]
    fn delete<'c>(scope: Scoped<Self>, key: Self::Key, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        Self: 'c;
}

#[diagnostic::do_not_recommend]
impl<M, C, K> Subject<C, K> for M
where
    M: Keyed<Key: PartialEq + Debug + Sync> + GetByKey<C, K> + Send,
    C: Answers<K> + Send,
    K: Kind,
    Statement<Start<M>, WithColumns<M, Beside<M>>>: Fetch<'static, C, K, Everything<M>>,
    Scoped<M>: RunScoped<'static, C, K, M>,
    Start<M>: FindDsl<M::Key>,
    dsl::Find<Start<M>, M::Key>: Deletes<C, K, M> + Send + 'static,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    fn everything<'c>(conn: &'c mut C) -> K::Answer<'c, Vec<Everything<M>>>
    where
        M: 'c,
    {
        let query = diesel::query_builder::AsQuery::as_query(*M::SOURCE);
        let rows = WithColumns::new((OrganizationOf::new(), Arrives::new()));
        Statement { query, rows }.fetch(conn)
    }

    fn list<'c>(scope: Scoped<M>, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        M: 'c,
    {
        scope.load(conn)
    }

    fn delete<'c>(scope: Scoped<M>, key: M::Key, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        M: 'c,
    {
        scope.find(key).delete().execute(conn)
    }
}

/// A row, and where it belongs.
#[derive(Debug)]
pub(super) struct Seen<M: Keyed> {
    pub(super) key: M::Key,
    pub(super) home: Home<M::OrgKey>,
}

/// All rows of a model.
pub(super) async fn seen<M, C, K>(conn: &mut C) -> Result<Vec<Seen<M>>, Error>
where
    M: Subject<C, K>,
    K: Kind,
{
    let rows = K::wait(M::everything(conn)).await?;
    let rows = rows.into_iter().map(|(row, (organization, arrives))| Seen {
        key: row.key(),
        home: Home::read::<M>(organization, arrives),
    });
    Ok(rows.collect())
}

/// Whether something was allowed. That other rows stand in the way is no refusal.
///
/// # Errors
/// What neither allows nor refuses: an outage, a statement that fails.
pub(super) fn allowed<T>(result: Result<T, Error>) -> Result<bool, Error> {
    match result {
        Ok(_) | Err(Error::Conflict) => Ok(true),
        Err(Error::Invalid(_)) => Ok(false),
        Err(Error::Denied(denied)) if !matches!(denied, Denied::Undecided) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What a caller gets of each row by a rule: whether it is listed, found and deleted. Deletes are undone.
///
/// # Errors
/// What the database reports.
pub(super) async fn answers<M, C, K>(
    caller: &Caller<M::OrgKey>,
    access: Access,
    rows: &[Seen<M>],
    conn: &mut C,
) -> Result<Vec<[bool; 3]>, Error>
where
    M: Subject<C, K>,
    C: Answers<K> + Transaction<K> + Send,
    K: Kind,
{
    let scope = || caller.scope::<M>(access);
    let listed = K::wait(M::list(scope(), &mut *conn)).await?;
    let listed: Vec<M::Key> = listed.iter().map(M::key).collect();
    let mut answers = Vec::new();
    for row in rows {
        let got = K::wait(scope().get(row.key.clone(), &mut *conn)).await;
        K::wait(conn.begin()).await?;
        let deleted = K::wait(M::delete(scope(), row.key.clone(), &mut *conn)).await;
        K::wait(conn.roll_back()).await?;
        answers.push([listed.contains(&row.key), allowed(got)?, allowed(deleted)?]);
    }
    Ok(answers)
}
