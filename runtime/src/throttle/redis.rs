//! Counting in Redis, for several processes together.

use std::sync::LazyLock;
use std::time::Duration;

use futures_util::future::BoxFuture;
use redis::Script;
use redis::aio::ConnectionManager;

use super::{Rate, ThrottleStore};
use crate::error::Error;
use crate::redis::connect;

/// The generic cell rate algorithm, in one step, by the clock of the server: what is stored is when the budget will be full again, in
/// microseconds, and it is forgotten then. Whole numbers are written out, because Lua would round them.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
        local wait = full - interval * (burst - 1) - now
        if wait > 0 then return wait end
        full = full + interval
        redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
        return 0
        ",
    )
});

/// How long Redis may take to answer before it counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(2);

/// Counts requests in Redis. Cheap to clone.
///
/// ```no_run
/// use orgscope::axum::Tenancy;
/// use orgscope::throttle::{Rate, RedisThrottles, WhenUnavailable};
/// # fn service(pool: orgscope::AnyPool) -> Result<Tenancy, orgscope::Error> {
/// let counted = RedisThrottles::connect("redis://127.0.0.1/", "ipam")?;
/// Ok(Tenancy::new(pool)
///     .throttle("ipam", Rate::per_minute(60))
///     .throttle_store(counted, WhenUnavailable::Admit))
/// # }
/// ```
#[derive(Clone)]
pub struct RedisThrottles {
    connection: ConnectionManager,
    prefix: String,
}

impl RedisThrottles {
    /// Counts in the server at `url` (`redis://…`), under keys that begin with the name of the service. No connection is made before the first
    /// request is counted; one that breaks is made anew. Within a runtime of tokio.
    ///
    /// # Errors
    /// [`Error::Unavailable`] for what is no address of Redis.
    pub fn connect(url: &str, service: &str) -> Result<RedisThrottles, Error> {
        Ok(RedisThrottles {
            connection: connect(url, PATIENCE, 1)?,
            prefix: service.to_owned(),
        })
    }
}

impl ThrottleStore for RedisThrottles {
    fn count<'a>(
        &'a self,
        key: &'a str,
        rate: Rate,
    ) -> BoxFuture<'a, Result<Option<Duration>, Error>> {
        Box::pin(async move {
            let mut connection = self.connection.clone();
            let wait: Result<u64, redis::RedisError> = COUNT
                .key(format!("{}:throttle:{key}", self.prefix))
                .arg(u64::try_from(rate.interval().as_micros()).unwrap_or(u64::MAX))
                .arg(rate.burst())
                .invoke_async(&mut connection)
                .await;
            match wait {
                Ok(0) => Ok(None),
                Ok(micros) => Ok(Some(Duration::from_micros(micros))),
                Err(error) => Err(Error::unavailable(error)),
            }
        })
    }
}

impl std::fmt::Debug for RedisThrottles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisThrottles")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
