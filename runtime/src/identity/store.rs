//! Where a web service finds its callers.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;

use super::caller::{Find, Found};
use super::lookup::ByToken;
use super::now;
use super::tokens::{TouchToken, digest};
use crate::connection::Asynchronous;
use crate::error::Error;
use crate::facts::Facts;
use crate::fetch::{Command, Execute};
use crate::key::Key;
use crate::pool::Pool;
use crate::principal::Principal;

/// Finds callers by what they present.
pub trait IdentityStore<K>: Send + Sync + 'static {
    /// The active user of a bearer token that is known and has not expired, with the facts that are asked for.
    ///
    /// # Errors
    /// Whatever keeps the store from answering; never "no such token", which is `None`.
    fn by_token<'a>(
        &'a self,
        token: &'a str,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>>;
}

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
    Command<TouchToken>: Execute<'static, P::Connection, Asynchronous>,
{
    fn by_token<'a>(
        &'a self,
        token: &'a str,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>> {
        Box::pin(async move {
            let digest = digest(token);
            let now = now();
            let lookup = ByToken { digest, now };
            let mut conn = self.pool.connection().await?;
            let found = lookup.find(facts, &mut conn).await?;
            drop(conn);
            Ok(found.map(|found| {
                self.note_use(&found, now);
                found.principal
            }))
        })
    }
}

impl<P: Pool, U> Bundled<P, U>
where
    Command<TouchToken>: Execute<'static, P::Connection, Asynchronous>,
{
    /// Writes the last use at most once a minute, and not on the request's path.
    fn note_use<K>(&self, found: &Found<K>, now: i64) {
        let recent = now - LAST_USE_LAG;
        let is_recent = found.last_used_at.is_some_and(|used| used > recent);
        let (Some(token), false) = (found.token, is_recent) else {
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
