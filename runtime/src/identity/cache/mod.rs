//! What callers have, kept between requests: memberships, groups and permissions.
//!
//! Nothing is believed because it is young. Every change of what callers have gives them another epoch, by triggers
//! ([`Migrations::with_epochs`](super::Migrations::with_epochs)), in the transaction that makes the change; the statement that finds the caller reads
//! the epoch as well, and what is kept under another one is loaded anew. A caller who is known costs one statement of one row, however
//! many organizations it has.
//!
//! Only lists and handlers with groups or permissions ask it: a single row asks for its one membership in its own statement. What
//! ends by itself (a subscription, a token, an account) is never kept.

mod epoch;
mod facts;
mod find;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use futures_util::future::BoxFuture;

pub use self::facts::CachedFacts;
pub(super) use self::find::{Cached, FindCached};
pub use self::memory::MemoryCache;
#[cfg(feature = "redis")]
pub use self::redis::RedisCache;
use crate::key::UserId;

/// Where facts are kept. It may forget whenever it likes, and is not asked for anything but to return what was put: whether that is
/// still true is found out afterwards.
pub trait FactsCache<K: 'static>: Send + Sync + 'static {
    /// What was put for a user last; `None` for what was forgotten, cannot be read, or is out of reach.
    fn get<'a>(&'a self, user: &'a UserId) -> BoxFuture<'a, Option<CachedFacts<K>>>;

    /// Keeps the facts of a user, in place of others.
    fn put<'a>(&'a self, user: &'a UserId, facts: CachedFacts<K>) -> BoxFuture<'a, ()>;
}

impl<K: 'static, C: FactsCache<K>> FactsCache<K> for std::sync::Arc<C> {
    fn get<'a>(&'a self, user: &'a UserId) -> BoxFuture<'a, Option<CachedFacts<K>>> {
        (**self).get(user)
    }

    fn put<'a>(&'a self, user: &'a UserId, facts: CachedFacts<K>) -> BoxFuture<'a, ()> {
        (**self).put(user, facts)
    }
}
