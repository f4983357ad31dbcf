//! Facts in Redis, for several processes together.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client, RedisError};

use super::{CachedFacts, FactsCache};
use crate::error::Error;
use crate::key::{Key, UserId};
use crate::signing::SigningKey;

/// How long Redis may take before the database is asked instead: it would have answered by then.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long facts are kept that nobody asks for, in seconds.
const KEPT: u64 = 24 * 60 * 60;

/// What the signatures are for.
const PURPOSE: &str = "cached facts";

/// Keeps facts in Redis. They are signed, so that who can write there gives nobody a role. Without Redis, facts are loaded from the database.
/// Cheap to clone.
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
}

impl RedisCache {
    /// Keeps facts in the server at `url` (`redis://…`), under keys that begin with the name of the service, signed with a key that all
    /// its processes have. No connection is made before the first is asked for. Within a runtime of tokio.
    ///
    /// # Errors
    /// [`Error::Unavailable`] for what is no address of Redis.
    pub fn connect(url: &str, service: &str, key: SigningKey) -> Result<RedisCache, Error> {
        let unavailable = |error| Error::Unavailable(Box::new(error));
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let client = Client::open(url).map_err(unavailable)?;
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        Ok(RedisCache {
            connection: connection.map_err(unavailable)?,
            prefix: service.to_owned(),
            key,
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
}

fn not_kept(error: &RedisError) {
    tracing::warn!(%error, "Redis does not answer: what callers have is loaded from the database");
}

impl<K: Key> FactsCache<K> for RedisCache {
    fn get<'a>(&'a self, user: &'a UserId) -> BoxFuture<'a, Option<CachedFacts<K>>> {
        Box::pin(async move {
            let found: Result<Option<String>, RedisError> =
                self.connection.clone().get(self.name(user)).await;
            let signed = found.inspect_err(not_kept).ok()??;
            CachedFacts::from_text(user, self.verified(user, &signed)?)
        })
    }

    fn put<'a>(&'a self, user: &'a UserId, facts: CachedFacts<K>) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let Some(facts) = facts.to_text() else {
                return;
            };
            let (name, signed) = (self.name(user), self.signed(user, &facts));
            let kept: Result<(), RedisError> =
                self.connection.clone().set_ex(name, signed, KEPT).await;
            let _ = kept.inspect_err(not_kept);
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
