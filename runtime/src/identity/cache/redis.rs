//! Facts in Redis, for several processes together.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use redis::aio::ConnectionManager;
use redis::{AsyncCommands as _, RedisError};

use super::{CachedFacts, FactsCache};
use crate::error::Error;
use crate::identity::now;
use crate::key::{Key, UserId};
use crate::redis::connect;
use crate::signing::SigningKey;

/// How long Redis may take before the database is asked instead: it would have answered by then.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long it is not asked again after that, in seconds.
const REST: i64 = 5;

/// How long facts stay there that nobody asks for, in seconds.
const LIFETIME: u64 = 24 * 60 * 60;

/// What the signatures are for.
const PURPOSE: &str = "cached facts";

/// Keeps facts in Redis. They are signed, so that who can write there gives nobody a role, but not encrypted: who can read there sees who is
/// in which organization, with which permissions. While Redis does not answer, facts are loaded from the database. Cheap to clone.
///
/// ```no_run
/// use orgscope::identity::cache::RedisCache;
/// use orgscope::identity::{Bundled, Stored};
/// use orgscope::signing::SigningKey;
/// # fn service(pool: orgscope::AnyPool, key: SigningKey) -> Result<orgscope::axum::Tenancy, orgscope::Error> {
/// let cache = RedisCache::connect("redis://127.0.0.1/", "ipam", key)?;
/// let callers = Stored::<_, Bundled>::new(pool.clone()).cached_in(cache);
/// # Ok(orgscope::axum::Tenancy::with_identity(pool, callers))
/// # }
/// ```
#[derive(Clone)]
pub struct RedisCache {
    connection: ConnectionManager,
    prefix: String,
    key: SigningKey,
    /// Until when Redis is left alone, in Unix seconds.
    rests_until: Arc<AtomicI64>,
}

impl RedisCache {
    /// Keeps facts in the server at `url` (`redis://…`), under keys that begin with the name of the service, signed with a key that all
    /// its processes have. No connection is made before the first is asked for. Within a runtime of tokio.
    ///
    /// # Errors
    /// [`Error::Unavailable`] for what is no address of Redis.
    pub fn connect(url: &str, service: &str, key: SigningKey) -> Result<RedisCache, Error> {
        Ok(RedisCache {
            connection: connect(url, PATIENCE, 0)?,
            prefix: service.to_owned(),
            key,
            rests_until: Arc::default(),
        })
    }

    fn name(&self, user: &UserId) -> String {
        format!("{}:facts:{user}", self.prefix)
    }

    /// `signature.facts`
    fn signed(&self, user: &UserId, facts: &str) -> String {
        let (user, service) = (user.to_string(), self.prefix.as_bytes());
        let parts = [service, user.as_bytes(), facts.as_bytes()];
        let signature = self.key.sign(PURPOSE, &parts);
        format!("{}.{facts}", STANDARD.encode(signature))
    }

    fn verified<'t>(&self, user: &UserId, signed: &'t str) -> Option<&'t str> {
        let (signature, facts) = signed.split_once('.')?;
        let signature = STANDARD.decode(signature).ok()?;
        let (user, service) = (user.to_string(), self.prefix.as_bytes());
        let parts = [service, user.as_bytes(), facts.as_bytes()];
        let good = self.key.verify(PURPOSE, &parts, &signature);
        good.then_some(facts)
    }

    /// What Redis answers, if it does so in time.
    async fn ask<T>(&self, asked: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        if now() < self.rests_until.load(Ordering::Relaxed) {
            return None;
        }
        let wrong = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        self.rests_until.store(now() + REST, Ordering::Relaxed);
        tracing::warn!(
            error = wrong,
            "Redis does not answer: for {REST} s, what callers have is loaded from the database"
        );
        None
    }
}

impl<K: Key> FactsCache<K> for RedisCache {
    fn get<'a>(&'a self, user: &'a UserId) -> BoxFuture<'a, Option<CachedFacts<K>>> {
        Box::pin(async move {
            let mut connection = self.connection.clone();
            let found = connection.get::<_, Option<String>>(self.name(user));
            let signed = self.ask(found).await??;
            CachedFacts::from_text(user, self.verified(user, &signed)?)
        })
    }

    fn put<'a>(&'a self, user: &'a UserId, facts: CachedFacts<K>) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let Some(facts) = facts.to_text() else {
                return;
            };
            let (name, signed) = (self.name(user), self.signed(user, &facts));
            let mut connection = self.connection.clone();
            let kept = connection.set_ex::<_, _, ()>(name, signed, LIFETIME);
            self.ask(kept).await;
        })
    }
}

impl std::fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisCache")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
