//! What else is asked for the matrix: creating, updating, filtering, and what forms offer.

use std::marker::PhantomData;

use diesel::dsl;
use diesel::query_dsl::methods::{FilterDsl, FindDsl};

use super::matrix::Asked;
use super::subject::{Subject, allowed, seen};
use super::truth::Home;
use crate::choices::Choice;
use crate::connection::{Answers, Kind};
use crate::fetch::{Fetch, Statement};
use crate::filter::{By, Filters, Matching, OrgFilter};
use crate::model::{Keyed, OrgScoped};
use crate::path::Here;
use crate::role::Role;
use crate::scoped::{Refused, RunScoped, Scoped, Start};
use crate::selection::Chosen;
use crate::transaction::Transaction;
use crate::write::{Before, Inserts, Links, OrgChangeset, OrgInput, Updates, Writes};

/// Something that is asked of a model `M` on the connection `C`.
pub trait Step<M: Keyed, C, K: Kind> {
    #[doc(hidden)]
    fn take<'c>(self, asked: &'c mut Asked<M>, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c;
}

impl<M: Keyed, C, K: Kind> Step<M, C, K> for () {
    fn take<'c>(self, _: &'c mut Asked<M>, _: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c,
    {
        K::ready(Ok(()))
    }
}

impl<M, C, K, S, T> Step<M, C, K> for (S, T)
where
    M: Keyed<Key: Sync> + Send,
    C: Send,
    K: Kind,
    S: Step<M, C, K> + Send,
    T: Step<M, C, K> + Send,
{
    fn take<'c>(self, asked: &'c mut Asked<M>, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c,
    {
        K::in_turn(async move {
            K::wait(self.0.take(&mut *asked, &mut *conn)).await?;
            K::wait(self.1.take(asked, conn)).await
        })
    }
}

/// Rows of both organizations are created.
#[derive(Debug)]
pub struct Creating<F>(pub(super) F);

impl<M, C, K, I, F> Step<M, C, K> for Creating<F>
where
    M: Inserts<C, K, I::Values> + Send,
    M::Key: Sync,
    C: Answers<K> + Transaction<K> + Send,
    K: Kind,
    I: OrgInput + Writes<Model = M> + Send,
    I::Values: Links<M> + Before<C, K, M::OrgKey>,
    F: Fn(&M::OrgKey) -> I + Send,
{
    fn take<'c>(self, asked: &'c mut Asked<M>, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c,
    {
        K::in_turn(async move {
            for caller in asked.callers() {
                for key in [asked.a.clone(), asked.b.clone()] {
                    let input = (self.0)(&key);
                    K::wait(conn.begin()).await?;
                    let made = Asked::<M>::scope(&caller).insert(input).execute(&mut *conn);
                    let made = K::wait(made).await;
                    K::wait(conn.roll_back()).await?;
                    let home = Home::Of(key);
                    let (column, should) = (
                        Asked::<M>::column(&home),
                        caller.writes(Role::Manager, &home),
                    );
                    asked
                        .matrix
                        .note(&caller.name, &column, "create", allowed(made)?, should);
                }
            }
            Ok(())
        })
    }
}

/// The rows are updated.
#[derive(Debug)]
pub struct Updating<F>(pub(super) F);

impl<M, C, K, I, F> Step<M, C, K> for Updating<F>
where
    M: Keyed + Send,
    M::Key: Sync,
    C: Answers<K> + Transaction<K> + Send,
    K: Kind,
    I: OrgChangeset + Writes<Model = M> + Send,
    I::Values: Links<M>,
    F: Fn() -> I + Send,
    Start<M>: FindDsl<M::Key>,
    dsl::Find<Start<M>, M::Key>: Updates<C, K, M, I::Values> + Clone + Send,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    fn take<'c>(self, asked: &'c mut Asked<M>, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c,
    {
        K::in_turn(async move {
            for caller in asked.callers() {
                for row in &asked.rows {
                    let changes = (self.0)();
                    K::wait(conn.begin()).await?;
                    let scope = Asked::<M>::scope(&caller).find(row.key.clone());
                    let changed = K::wait(scope.update(changes).execute(&mut *conn)).await;
                    K::wait(conn.roll_back()).await?;
                    let column = Asked::<M>::column(&row.home);
                    let should = caller.writes(Role::Manager, &row.home);
                    asked
                        .matrix
                        .note(&caller.name, &column, "update", allowed(changed)?, should);
                }
            }
            Ok(())
        })
    }
}

/// The rows are filtered by organization.
#[derive(Debug)]
pub struct Filtering<F>(PhantomData<fn() -> F>);

impl<F> Filtering<F> {
    pub(super) fn new() -> Self {
        Filtering(PhantomData)
    }
}

impl<M, C, K, F> Step<M, C, K> for Filtering<F>
where
    M: Keyed<Key: PartialEq + Sync> + Send,
    C: Answers<K> + Send,
    K: Kind,
    F: OrgFilter<Model = M>,
    Start<M>: FilterDsl<Matching<M>>,
    dsl::Filter<Start<M>, Matching<M>>: Send,
    Scoped<M, dsl::Filter<Start<M>, Matching<M>>>: RunScoped<'static, C, K, M>,
{
    fn take<'c>(self, asked: &'c mut Asked<M>, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c,
    {
        K::in_turn(async move {
            let mut named = F::PARAMETERS
                .iter()
                .filter(|one| matches!(one.by, By::Organization));
            let Some(parameter) = named.next() else {
                let message = format!(
                    "the filter of {} has no parameter for the organization",
                    M::NAME
                );
                asked.matrix.missing.push(message);
                return Ok(());
            };
            for caller in asked.callers() {
                for key in [asked.a.clone(), asked.b.clone()] {
                    let filters = Filters::<F>::read(&pair(parameter.name, &key));
                    let scope = Asked::<M>::scope(&caller).filtered(filters);
                    let listed = K::wait(scope.load(&mut *conn)).await;
                    let home = Home::Of(key);
                    let should = caller.writes(Role::Manager, &home);
                    let listed = match listed {
                        Ok(rows) => rows,
                        refused => {
                            allowed(refused)?;
                            Vec::new()
                        }
                    };
                    let own = asked.rows.iter().filter(|row| row.home == home);
                    let own: Vec<&M::Key> = own.map(|row| &row.key).collect();
                    let others = listed.iter().any(|row| !own.contains(&&row.key()));
                    let all = listed.len() == own.len();
                    let is = if should {
                        all && !others
                    } else {
                        !listed.is_empty()
                    };
                    asked.matrix.note(
                        &caller.name,
                        &Asked::<M>::column(&home),
                        "filter",
                        is,
                        should,
                    );
                }
            }
            Ok(())
        })
    }
}

/// A parameter as it stands in a query string.
fn pair(name: &str, value: &impl std::fmt::Display) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, &value.to_string()).finish()
}

/// What a form of `I` offers for a relation to `N`.
pub struct Offering<I, N, R>(R, PhantomData<fn() -> (I, N)>);

impl<I, N, R> Offering<I, N, R> {
    pub(super) fn new(relation: R) -> Self {
        Offering(relation, PhantomData)
    }
}

impl<I, N, R> std::fmt::Debug for Offering<I, N, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Offering")
    }
}

impl<M, C, K, I, N, T, R> Step<M, C, K> for Offering<I, N, R>
where
    M: Keyed<Key: Sync> + Send,
    C: Answers<K> + Send,
    K: Kind,
    I: Writes<Model = M>,
    N: Subject<C, K> + OrgScoped<OrgKey = M::OrgKey>,
    N::Key: Sync,
    T: Choice<N>,
    R: Fn(M::Paths<Here>) -> T + Send,
{
    fn take<'c>(self, asked: &'c mut Asked<M>, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        Self: 'c,
    {
        K::in_turn(async move {
            let rows = seen::<N, C, K>(&mut *conn).await?;
            asked.look_for_rows(&rows);
            for caller in asked.callers() {
                let scope = Asked::<M>::scope(&caller);
                let offered = I::choices::<N, T>(&scope, &self.0)?;
                let offered = K::wait(N::list(offered, &mut *conn)).await?;
                let offered: Vec<N::Key> = offered.iter().map(N::key).collect();
                for row in rows.iter().filter(|row| matches!(row.home, Home::Of(_))) {
                    let (is, should) = (
                        offered.contains(&row.key),
                        caller.writes(Role::Manager, &row.home),
                    );
                    let column = format!("{} {}", N::NAME, Asked::<N>::column(&row.home));
                    asked
                        .matrix
                        .note(&caller.name, &column, "choose", is, should);
                }
            }
            Ok(())
        })
    }
}
