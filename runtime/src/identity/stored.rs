//! The store of the tables of a service.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;

use super::account::{Account, LoginCandidate};
#[cfg(feature = "cache")]
use super::cache::{Cached, FactsCache, FindCached};
use super::caller::{Find, Found};
#[cfg(feature = "cache")]
use super::layout::Bundled;
use super::layout::{Layout, Tables};
use super::links::{LinkChange, LinkOptions, LoginLink, UserOfLink, use_link_in};
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

/// The tables `T` in the database of a pool.
pub struct Stored<P: Pool, T: Tables> {
    pool: P,
    /// One use is noted at a time; the others are noted another time.
    noting: Arc<AtomicBool>,
    tables: PhantomData<fn() -> T>,
    #[cfg(feature = "cache")]
    cached: Option<Arc<dyn FindCached<P::Connection, T::Organization>>>,
}

impl<P: Pool, T: Tables> Stored<P, T> {
    /// The tables in the database of `pool`.
    pub fn new(pool: P) -> Self {
        Stored {
            pool,
            noting: Arc::default(),
            tables: PhantomData,
            #[cfg(feature = "cache")]
            cached: None,
        }
    }
}

#[cfg(feature = "cache")]
impl<P: Pool, U: Key, K: Key> Stored<P, Bundled<U, K>>
where
    Cached<Bundled<U, K>>: FindCached<P::Connection, K>,
{
    /// The same tables, with what callers have kept in a cache. Changes take effect at once all the same, because the tables count epochs: that
    /// is a migration of its own, [`Migrations::with_epochs`](super::Migrations::with_epochs), without which callers cannot be found. Tables of a
    /// service's own do not count any.
    ///
    /// ```
    /// use orgscope::axum::Tenancy;
    /// use orgscope::identity::cache::MemoryCache;
    /// use orgscope::identity::{Bundled, Migrations, Stored};
    /// use orgscope::pool::Pool as _;
    /// use orgscope::{AnyPool, Error};
    ///
    /// async fn service(pool: AnyPool) -> Result<Tenancy, Error> {
    ///     let mut conn = pool.connection().await?;
    ///     let migrations = Migrations::<i32, i32>::new().with_epochs();
    ///     conn.batch_execute(&migrations.up(conn.database())).await?;
    ///     drop(conn);
    ///     let callers = Stored::<_, Bundled>::new(pool.clone()).cached_in(MemoryCache::new(64 << 20));
    ///     Ok(Tenancy::with_identity(pool, callers))
    /// }
    /// ```
    pub fn cached_in(mut self, cache: impl FactsCache<K>) -> Self {
        self.cached = Some(Arc::new(Cached::<Bundled<U, K>>::new(cache)));
        self
    }
}

impl<P: Pool, T: Tables> std::fmt::Debug for Stored<P, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stored").finish_non_exhaustive()
    }
}

/// How long a token's last use may lag behind, in seconds.
const LAST_USE_LAG: i64 = 60;

impl<P, T> IdentityStore<T::Organization> for Stored<P, T>
where
    P: Pool,
    T: Tables,
    ByToken: Find<T, P::Connection, Asynchronous>,
    ByKey: Find<T, P::Connection, Asynchronous>,
    Statement<ByLogin<T>, Chosen>: Fetch<'static, P::Connection, Asynchronous, LoginRow<T::User>>,
    Command<TouchToken>: Execute<'static, P::Connection, Asynchronous>,
    Command<UserChange>: Execute<'static, P::Connection, Asynchronous>,
    Command<InsertToken>: Execute<'static, P::Connection, Asynchronous>,
    Command<LinkChange>: Execute<'static, P::Connection, Asynchronous>,
    Statement<UserOfLink<T>, Chosen>: Fetch<'static, P::Connection, Asynchronous, T::User>,
{
    fn by_token<'a>(
        &'a self,
        token: &'a str,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Principal<T::Organization>>, Error>> {
        Box::pin(async move {
            let Some(digest) = token_digest(token) else {
                return Ok(None);
            };
            let now = now();
            let lookup = ByToken { digest, now };
            let mut conn = self.pool.connection().await?;
            let Some(mut found) = self.by_digest(lookup.clone(), facts, &mut conn).await? else {
                return Ok(None);
            };
            let (token, last_used_at, narrowed, ..) = found.beside;
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
                let Some(with_memberships) = self.by_digest(lookup, facts, &mut conn).await? else {
                    return Ok(None);
                };
                found = with_memberships;
            }
            Ok(Some(narrowed.apply(found.principal)))
        })
    }

    fn layout(&self) -> Option<&'static Layout> {
        Some(Layout::of::<T>())
    }

    fn user_id(&self, text: &str) -> Option<UserId> {
        T::User::parse(text)
    }

    fn by_user<'a>(
        &'a self,
        user: &'a UserId,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Account<T::Organization>>, Error>> {
        Box::pin(async move {
            let (user, now) = (user.clone(), now());
            let mut conn = self.pool.connection().await?;
            let lookup = ByKey { user, now };
            #[cfg(feature = "cache")]
            if let Some(cached) = &self.cached {
                let found = cached.by_key(lookup, facts, &mut conn).await?;
                return Ok(found.map(Account::from));
            }
            Ok(lookup.find(facts, &mut conn).await?.map(Account::from))
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
            let rows = Statement::own(ByLogin::<T>::new(identifier)).fetch(&mut conn);
            Ok(ByLogin::<T>::choose(rows.await?))
        })
    }

    fn logged_in<'a>(
        &'a self,
        user: &'a UserId,
        micros: i64,
        before: Option<Option<i64>>,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            let layout = Layout::of::<T>();
            if !layout.notes_logins() {
                // Nothing says that it was used: what is good once is refused.
                return Ok(before.is_none());
            }
            let change = UserChange::logged_in(layout, user.clone(), micros, before);
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
            let change = UserChange::rehashed(Layout::of::<T>(), user.clone(), hash, before);
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
            let user = use_link_in::<T, _, _>(link, purpose, key, &mut conn).await?;
            Ok(user.map(|user| user.user_id()))
        })
    }

    fn issue_link<'a>(
        &'a self,
        user: &'a UserId,
        options: LinkOptions<'a>,
        key: &'a SigningKey,
    ) -> BoxFuture<'a, Result<LoginLink, Error>> {
        Box::pin(async move {
            let (insert, link) = LinkChange::issued(user.clone(), options, key)?;
            let mut conn = self.pool.connection().await?;
            Command(insert).execute(&mut conn).await?;
            Ok(link)
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

impl<P: Pool, T: Tables> Stored<P, T>
where
    ByToken: Find<T, P::Connection, Asynchronous>,
{
    async fn by_digest(
        &self,
        lookup: ByToken,
        facts: Facts,
        conn: &mut P::Connection,
    ) -> Result<Option<Found<T::Organization>>, Error> {
        #[cfg(feature = "cache")]
        if let Some(cached) = &self.cached {
            return cached.by_token(lookup, facts, conn).await;
        }
        lookup.find(facts, conn).await
    }
}

impl<P: Pool, T: Tables> Stored<P, T>
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
