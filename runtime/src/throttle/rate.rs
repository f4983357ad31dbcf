//! How often.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;

/// How often: a number of requests in a time. That many may come at once; then they have to be spread evenly.
///
/// ```
/// use orgscope::throttle::Rate;
/// let rate = Rate::per_minute(60);
/// assert_eq!((rate.burst(), rate.interval().as_secs()), (60, 1));
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

    /// Requests an hour; 0 counts as 1.
    pub fn per_hour(requests: u32) -> Rate {
        Rate(Quota::per_hour(at_least_one(requests)))
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

    /// How many may come at once.
    pub fn burst(&self) -> u32 {
        self.0.burst_size().get()
    }

    /// How long it takes until one more may come.
    pub fn interval(&self) -> Duration {
        self.0.replenish_interval()
    }

    pub(super) fn quota(self) -> Quota {
        self.0
    }
}

fn at_least_one(requests: u32) -> NonZeroU32 {
    NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN)
}
