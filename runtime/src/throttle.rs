//! Throttling: how often one caller may call the endpoints of a name.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::key::UserId;

/// How often: a number of requests in a time. That many may come at once; then they have to be spread evenly.
///
/// ```
/// use orgscope::throttle::Rate;
/// let rate = Rate::per_minute(60);
/// # let _ = rate;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rate(Quota);

impl Rate {
    /// Requests a second; 0 counts as 1.
    pub fn per_second(requests: u32) -> Rate {
        Rate(Quota::per_second(at_least_one(requests)))
    }

    /// Requests a minute; 0 counts as 1.
    pub fn per_minute(requests: u32) -> Rate {
        Rate(Quota::per_minute(at_least_one(requests)))
    }

    /// Requests a day; 0 counts as 1.
    pub fn per_day(requests: u32) -> Rate {
        let day = Duration::from_secs(24 * 60 * 60);
        let requests = at_least_one(requests);
        // A day divided by a number that is not 0 is not 0.
        let quota = Quota::with_period(day / requests.get());
        Rate(quota.map_or(Quota::per_hour(requests), |quota| {
            quota.allow_burst(requests)
        }))
    }

    /// Requests an hour; 0 counts as 1.
    pub fn per_hour(requests: u32) -> Rate {
        Rate(Quota::per_hour(at_least_one(requests)))
    }
}

fn at_least_one(requests: u32) -> NonZeroU32 {
    NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN)
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

/// What a throttle says against a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Throttled {
    /// Too many: not before this time.
    For(Duration),
    /// The service has no throttle of that name.
    Unknown,
}

type Limiter = RateLimiter<Counted, HashMapStateStore<Counted>, DefaultClock>;

struct Throttle {
    limiter: Limiter,
    asked: AtomicU32,
}

/// The throttles of a service, by name.
#[derive(Clone, Default)]
pub(crate) struct Throttles(HashMap<&'static str, Arc<Throttle>>);

/// After so many requests those are forgotten who are not near their limit.
const FORGET_EVERY: u32 = 4096;

impl Throttles {
    pub(crate) fn add(&mut self, name: &'static str, rate: Rate) {
        self.0.insert(name, Arc::new(Throttle::new(rate)));
    }

    /// Counts a request.
    pub(crate) fn check(&self, name: &str, counted: &Counted) -> Result<(), Throttled> {
        let throttle = self.0.get(name).ok_or(Throttled::Unknown)?;
        throttle.check(counted)
    }
}

impl Throttle {
    fn new(rate: Rate) -> Throttle {
        let (store, clock) = (HashMapStateStore::default(), DefaultClock::default());
        Throttle {
            limiter: RateLimiter::new(rate.0, store, clock),
            asked: AtomicU32::new(0),
        }
    }

    fn check(&self, counted: &Counted) -> Result<(), Throttled> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(counted)
            .map_err(|until| Throttled::For(until.wait_time_from(self.limiter.clock().now())))
    }
}

/// The two budgets of logins: of an account, and of an address.
#[cfg(feature = "password")]
pub(crate) struct LoginThrottles {
    account: Throttle,
    address: Throttle,
}

#[cfg(feature = "password")]
impl LoginThrottles {
    pub(crate) fn new(account: Rate, address: Rate) -> LoginThrottles {
        LoginThrottles {
            account: Throttle::new(account),
            address: Throttle::new(address),
        }
    }

    /// Counts an attempt against both, even if one is exhausted.
    pub(crate) fn check(
        &self,
        account: &Counted,
        address: Option<&Counted>,
    ) -> Result<(), Throttled> {
        let account = self.account.check(account);
        address.map_or(Ok(()), |address| self.address.check(address))?;
        account
    }
}

#[cfg(feature = "password")]
impl Default for LoginThrottles {
    fn default() -> Self {
        LoginThrottles::new(Rate::per_minute(5), Rate::per_minute(20))
    }
}
