//! The store of the bundled tables.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;

use super::account::{Account, LoginCandidate};
use super::caller::Find;
use super::links::{LinkChange, UserOfLink, use_link};
use super::logins::{ByLogin, LoginRow, UserChange};
use super::lookup::{ByKey, ByToken};
use super::narrowed::Narrowed;
use super::now;
use super::store::IdentityStore;
use super::tokens::{BearerToken, InsertToken, TokenOptions, TouchToken, token_digest};
use crate::connection::Asynchronous;
use crate::error::Error;
use crate::facts::Facts;
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::key::{Key, UserId};
use crate::pool::Pool;
use crate::principal::Principal;
use crate::selection::Chosen;
use crate::signing::SigningKey;

/// The bundled tables in the database of a pool, for user keys `U`.
#[derive(Clone, Debug)]
pub struct Bundled<P, U = i32> {
    pool: P,
    /// One use is noted at a time; the others are noted another time.
    noting: Arc<AtomicBool>,
    user: PhantomData<fn() -> U>,
}

impl<P, U> Bundled<P, U> {
    /// The bundled tables in the database of `pool`.
    pub fn new(pool: P) -> Self {
        Bundled {
            pool,
            noting: Arc::default(),
            user: PhantomData,
        }
    }
}

/// How long a token's last use may lag behind, in seconds.
const LAST_USE_LAG: i64 = 60;

impl<P, U, K> IdentityStore<K> for Bundled<P, U>
where
    P: Pool,
    U: Key,
    K: Key,
    ByToken: Find<U, K, P::Connection, Asynchronous>,
    ByKey: Find<U, K, P::Connection, Asynchronous>,
    Statement<ByLogin<U>, Chosen>: Fetch<'static, P::Connection, Asynchronous, LoginRow<U>>,
    Command<TouchToken>: Execute<'static, P::Connection, Asynchronous>,
    Command<UserChange>: Execute<'static, P::Connection, Asynchronous>,
    Command<InsertToken>: Execute<'static, P::Connection, Asynchronous>,
    Command<LinkChange>: Execute<'static, P::Connection, Asynchronous>,
    Statement<UserOfLink<U>, Chosen>: Fetch<'static, P::Connection, Asynchronous, U>,
{
    fn by_token<'a>(
        &'a self,
        token: &'a str,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>> {
        Box::pin(async move {
            let Some(digest) = token_digest(token) else {
                return Ok(None);
            };
            let now = now();
            let lookup = ByToken { digest, now };
            let mut conn = self.pool.connection().await?;
            let Some(mut found) = lookup.clone().find(facts, &mut conn).await? else {
                return Ok(None);
            };
            let (token, last_used_at, narrowed, _) = found.beside;
            self.note_use(token, last_used_at, now);
            let Some(stored) = narrowed else {
                return Ok(Some(found.principal));
            };
            let Some(narrowed) = Narrowed::read(&stored) else {
                tracing::error!("a token says in a way that nobody understands what it may not");
                return Ok(None);
            };
            if !facts.memberships {
                let facts = Facts {
                    memberships: true,
                    ..facts
                };
                let Some(with_memberships) = lookup.find(facts, &mut conn).await? else {
                    return Ok(None);
                };
                found = with_memberships;
            }
            Ok(Some(narrowed.apply(found.principal)))
        })
    }

    fn user_id(&self, text: &str) -> Option<UserId> {
        U::parse(text)
    }

    fn by_user<'a>(
        &'a self,
        user: &'a UserId,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Account<K>>, Error>> {
        Box::pin(async move {
            let (user, now) = (user.clone(), now());
            let mut conn = self.pool.connection().await?;
            let found = ByKey { user, now }.find(facts, &mut conn).await?;
            Ok(found.map(Account::from))
        })
    }

    fn by_login<'a>(
        &'a self,
        identifier: &'a str,
    ) -> BoxFuture<'a, Result<Option<LoginCandidate>, Error>> {
        Box::pin(async move {
            // No database has a NUL in a text.
            if identifier.contains('\0') {
                return Ok(None);
            }
            let mut conn = self.pool.connection().await?;
            let rows = Statement::own(ByLogin::<U>::new(identifier)).fetch(&mut conn);
            Ok(ByLogin::choose(rows.await?))
        })
    }

    fn logged_in<'a>(
        &'a self,
        user: &'a UserId,
        micros: i64,
        before: Option<Option<i64>>,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            let change = UserChange::logged_in(user.clone(), micros, before);
            let mut conn = self.pool.connection().await?;
            Ok(Command(change).execute(&mut conn).await? == 1)
        })
    }

    fn rehash<'a>(
        &'a self,
        user: &'a UserId,
        hash: String,
        before: String,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let change = UserChange::rehashed(user.clone(), hash, before);
            let mut conn = self.pool.connection().await?;
            Command(change).execute(&mut conn).await?;
            Ok(())
        })
    }

    fn use_link<'a>(
        &'a self,
        link: &'a str,
        purpose: &'a str,
        key: &'a SigningKey,
    ) -> BoxFuture<'a, Result<Option<UserId>, Error>> {
        Box::pin(async move {
            let mut conn = self.pool.connection().await?;
            let user: Option<U> = use_link(link, purpose, key, &mut conn).await?;
            Ok(user.map(|user| user.user_id()))
        })
    }

    fn issue<'a>(
        &'a self,
        user: &'a UserId,
        options: TokenOptions,
    ) -> BoxFuture<'a, Result<BearerToken, Error>> {
        Box::pin(async move {
            let (insert, token) = InsertToken::new(user.clone(), options)?;
            let mut conn = self.pool.connection().await?;
            Command(insert).execute(&mut conn).await?;
            Ok(token)
        })
    }
}

impl<P: Pool, U> Bundled<P, U>
where
    Command<TouchToken>: Execute<'static, P::Connection, Asynchronous>,
{
    /// Writes the last use at most once a minute, and not on the request's path.
    fn note_use(&self, token: Option<i64>, last_used_at: Option<i64>, now: i64) {
        let recent = now - LAST_USE_LAG;
        let is_recent = last_used_at.is_some_and(|used| used > recent);
        let (Some(token), false) = (token, is_recent) else {
            return;
        };
        if self.noting.swap(true, Ordering::AcqRel) {
            return;
        }
        let (pool, noting) = (self.pool.clone(), self.noting.clone());
        tokio::spawn(async move {
            let touch = Command(TouchToken { token, now, recent });
            let done = match pool.connection().await {
                Ok(mut conn) => touch.execute(&mut conn).await,
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                tracing::debug!(%error, "the last use of a token was not written");
            }
            noting.store(false, Ordering::Release);
        });
    }
}
