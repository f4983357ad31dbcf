//! Facts in the memory of this process.

use futures_util::future::BoxFuture;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{CachedFacts, FactsCache};
use crate::key::{Key, UserId};

/// Keeps facts in memory, up to a number of bytes; what is asked for least goes first.
pub struct MemoryCache<K: 'static>(Cache<UserId, CachedFacts<K>, BySize>);

#[derive(Clone)]
struct BySize;

impl<K: Key> Weighter<UserId, CachedFacts<K>> for BySize {
    fn weight(&self, _user: &UserId, facts: &CachedFacts<K>) -> u64 {
        u64::try_from(facts.size()).unwrap_or(u64::MAX)
    }
}

/// What most callers take, in bytes: the cache makes room for so many at first.
const USUAL: u64 = 1024;

impl<K: Key> MemoryCache<K> {
    /// A cache of about so many bytes. A caller takes some hundred, and 8 more for each of its organizations if their keys are `i32`.
    pub fn new(bytes: u64) -> MemoryCache<K> {
        let callers = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        MemoryCache(Cache::with_weighter(callers, bytes, BySize))
    }
}

impl<K: Key> FactsCache<K> for MemoryCache<K> {
    fn get<'a>(&'a self, user: &'a UserId) -> BoxFuture<'a, Option<CachedFacts<K>>> {
        Box::pin(std::future::ready(self.0.get(user)))
    }

    fn put<'a>(&'a self, user: &'a UserId, facts: CachedFacts<K>) -> BoxFuture<'a, ()> {
        self.0.insert(user.clone(), facts);
        Box::pin(std::future::ready(()))
    }
}

impl<K> std::fmt::Debug for MemoryCache<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryCache").finish_non_exhaustive()
    }
}
