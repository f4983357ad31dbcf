//! Counting in the memory of this process.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::RateLimiter;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;

use super::{Counted, Rate};

/// Who has called how often.
pub(super) struct Memory {
    limiter: RateLimiter<Counted, HashMapStateStore<Counted>, DefaultClock>,
    asked: AtomicU32,
}

/// After so many requests those are forgotten who are not near their limit.
const FORGET_EVERY: u32 = 4096;

impl Memory {
    pub(super) fn new(rate: Rate) -> Memory {
        let (store, clock) = (HashMapStateStore::default(), DefaultClock::default());
        Memory {
            limiter: RateLimiter::new(rate.quota(), store, clock),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts a request: how long it has to wait, if it has to.
    pub(super) fn count(&self, counted: &Counted) -> Option<Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let until = self.limiter.check_key(counted).err()?;
        Some(until.wait_time_from(self.limiter.clock().now()))
    }
}
