//! Throttling: how often one caller may call the endpoints of a name, and how often somebody may try to log in.

mod memory;
mod rate;
#[cfg(feature = "redis")]
mod redis;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use self::memory::Memory;
pub use self::rate::Rate;
#[cfg(feature = "redis")]
pub use self::redis::RedisThrottles;
use crate::error::Error;
#[cfg(feature = "password")]
use crate::hex;
use crate::key::UserId;

/// Where several processes of a service count together. Without one, each counts for itself, in memory.
///
/// ```
/// use std::time::Duration;
/// use futures_util::future::BoxFuture;
/// use orgscope::Error;
/// use orgscope::throttle::{Rate, ThrottleStore};
///
/// /// Lets nobody pass.
/// struct Closed;
///
/// impl ThrottleStore for Closed {
///     fn count<'a>(&'a self, _key: &'a str, rate: Rate) -> BoxFuture<'a, Result<Option<Duration>, Error>> {
///         Box::pin(async move { Ok(Some(rate.interval())) })
///     }
/// }
/// ```
pub trait ThrottleStore: Send + Sync + 'static {
    /// Counts one request under a key, which holds no secret, against a rate. `Some` refuses it, and says how long to wait.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer.
    fn count<'a>(
        &'a self,
        key: &'a str,
        rate: Rate,
    ) -> BoxFuture<'a, Result<Option<Duration>, Error>>;
}

/// What happens to requests that name a throttle while its store does not answer. Logins are always refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenUnavailable {
    /// They are refused with 503.
    #[default]
    Refuse,
    /// They are admitted, uncounted.
    Admit,
}

/// Who is counted: a user, else the address of the connection, else everybody together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Counted {
    User(UserId),
    /// The digest of a name that somebody tried to log in with.
    #[cfg(feature = "password")]
    Name([u8; 32]),
    Peer(IpAddr),
    Anybody,
}

impl Counted {
    /// The key under which a throttle counts them.
    fn key(&self, throttle: &str) -> String {
        match self {
            Counted::User(user) => format!("{throttle}:user:{user}"),
            #[cfg(feature = "password")]
            Counted::Name(digest) => format!("{throttle}:name:{}", hex::encode(digest)),
            Counted::Peer(address) => format!("{throttle}:peer:{address}"),
            Counted::Anybody => format!("{throttle}:anybody"),
        }
    }
}

/// What a throttle says against a request.
#[derive(Debug)]
pub(crate) enum Throttled {
    /// Too many: not before this time.
    For(Duration),
    /// The service has no throttle of that name.
    Unknown,
    /// The store does not answer.
    Unavailable(Error),
}

/// The throttles of a service, by name.
#[derive(Clone, Default)]
pub(crate) struct Throttles {
    by_name: HashMap<&'static str, Arc<Throttle>>,
    store: Option<Arc<dyn ThrottleStore>>,
    when_unavailable: WhenUnavailable,
    #[cfg(feature = "password")]
    logins: Arc<Logins>,
}

/// A rate, and who has called how often.
struct Throttle {
    rate: Rate,
    memory: Memory,
}

impl Throttle {
    fn new(rate: Rate) -> Throttle {
        let memory = Memory::new(rate);
        Throttle { rate, memory }
    }
}

/// The two budgets of logins: of an account, and of an address.
#[cfg(feature = "password")]
struct Logins {
    account: Throttle,
    address: Throttle,
}

#[cfg(feature = "password")]
impl Default for Logins {
    fn default() -> Self {
        Logins {
            account: Throttle::new(Rate::per_minute(5)),
            address: Throttle::new(Rate::per_minute(20)),
        }
    }
}

impl Throttles {
    pub(crate) fn add(&mut self, name: &'static str, rate: Rate) {
        self.by_name.insert(name, Arc::new(Throttle::new(rate)));
    }

    pub(crate) fn count_in(&mut self, store: impl ThrottleStore, then: WhenUnavailable) {
        self.store = Some(Arc::new(store));
        self.when_unavailable = then;
    }

    #[cfg(feature = "password")]
    pub(crate) fn set_logins(&mut self, account: Rate, address: Rate) {
        self.logins = Arc::new(Logins {
            account: Throttle::new(account),
            address: Throttle::new(address),
        });
    }

    /// Counts a request.
    pub(crate) async fn check(&self, name: &str, counted: &Counted) -> Result<(), Throttled> {
        let throttle = self.by_name.get(name).ok_or(Throttled::Unknown)?;
        match self.count(name, throttle, counted).await {
            Err(Throttled::Unavailable(error))
                if self.when_unavailable == WhenUnavailable::Admit =>
            {
                tracing::error!(%error, name, "a request is admitted, because its throttle does not answer");
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Counts an attempt to log in against an account, and perhaps against an address, even if one of them is exhausted.
    #[cfg(feature = "password")]
    pub(crate) async fn check_login(
        &self,
        account: &Counted,
        address: Option<&Counted>,
    ) -> Result<(), Throttled> {
        let of_account = self
            .count("orgscope-login", &self.logins.account, account)
            .await;
        if let Some(address) = address {
            self.count("orgscope-login-from", &self.logins.address, address)
                .await?;
        }
        of_account
    }

    async fn count(
        &self,
        name: &str,
        throttle: &Throttle,
        counted: &Counted,
    ) -> Result<(), Throttled> {
        let wait = match &self.store {
            None => throttle.memory.count(counted),
            Some(store) => {
                let counting = store.count(&counted.key(name), throttle.rate).await;
                counting.map_err(Throttled::Unavailable)?
            }
        };
        wait.map_or(Ok(()), |wait| Err(Throttled::For(wait)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_counted_has_a_key_of_its_own() {
        let all = [
            Counted::User(UserId::Int(1)),
            Counted::User(UserId::Int(2)),
            Counted::Peer([127, 0, 0, 1].into()),
            Counted::Anybody,
        ];
        let mut keys: Vec<String> = all.iter().map(|counted| counted.key("a")).collect();
        keys.extend(all.iter().map(|counted| counted.key("b")));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 2 * all.len());
    }
}
