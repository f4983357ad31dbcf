//! How a caller is found where facts are kept.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::epoch::WithEpoch;
use super::{CachedFacts, FactsCache};
use crate::connection::Asynchronous;
use crate::error::Error;
use crate::facts::Facts;
use crate::identity::caller::{Find, Found};
use crate::identity::layout::Tables;
use crate::identity::lookup::{ByKey, ByToken};

/// All that is kept. A subscription begins and ends without anything being written.
const KEPT: Facts = Facts {
    memberships: true,
    groups: true,
    permissions: true,
    subscription: false,
};

/// Finds callers, with their facts from a cache where they are still true.
pub trait FindCached<C, K>: Send + Sync {
    fn by_token<'a>(
        &'a self,
        lookup: ByToken,
        facts: Facts,
        conn: &'a mut C,
    ) -> BoxFuture<'a, Result<Option<Found<K>>, Error>>;

    fn by_key<'a>(
        &'a self,
        lookup: ByKey,
        facts: Facts,
        conn: &'a mut C,
    ) -> BoxFuture<'a, Result<Option<Found<K>>, Error>>;
}

/// A cache beside the tables `T`.
pub struct Cached<T: Tables> {
    cache: Arc<dyn FactsCache<T::Organization>>,
}

impl<T: Tables> Cached<T> {
    pub(crate) fn new(cache: impl FactsCache<T::Organization>) -> Self {
        let cache = Arc::new(cache);
        Cached { cache }
    }

    async fn find<L, C>(
        &self,
        lookup: L,
        facts: Facts,
        conn: &mut C,
    ) -> Result<Option<Found<T::Organization>>, Error>
    where
        L: Clone + Send,
        C: Send,
        L: Find<T, C, Asynchronous>,
        WithEpoch<L>: Find<T, C, Asynchronous>,
    {
        // One row says all that is asked, or time changes it.
        if facts == Facts::CALLER || facts.subscription {
            return lookup.find(facts, conn).await;
        }
        let lookup = WithEpoch(lookup);
        let Some(found) = lookup.clone().find(Facts::CALLER, conn).await? else {
            return Ok(None);
        };
        let user = found.principal.user_id();
        if let Some(kept) = self.cache.get(user).await
            && let Some(principal) = kept.still_true(&found)
        {
            return Ok(Some(Found { principal, ..found }));
        }
        // The facts and their epoch, by one statement: two could be of different times.
        let loaded = lookup.find(KEPT, conn).await?;
        if let Some(facts) = loaded.as_ref().and_then(CachedFacts::of) {
            let user = facts.principal().user_id().clone();
            self.cache.put(&user, facts).await;
        }
        Ok(loaded)
    }
}

impl<T, C> FindCached<C, T::Organization> for Cached<T>
where
    T: Tables,
    C: Send,
    ByToken: Find<T, C, Asynchronous>,
    ByKey: Find<T, C, Asynchronous>,
    WithEpoch<ByToken>: Find<T, C, Asynchronous>,
    WithEpoch<ByKey>: Find<T, C, Asynchronous>,
{
    fn by_token<'a>(
        &'a self,
        lookup: ByToken,
        facts: Facts,
        conn: &'a mut C,
    ) -> BoxFuture<'a, Result<Option<Found<T::Organization>>, Error>> {
        Box::pin(self.find(lookup, facts, conn))
    }

    fn by_key<'a>(
        &'a self,
        lookup: ByKey,
        facts: Facts,
        conn: &'a mut C,
    ) -> BoxFuture<'a, Result<Option<Found<T::Organization>>, Error>> {
        Box::pin(self.find(lookup, facts, conn))
    }
}

impl<T: Tables> std::fmt::Debug for Cached<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cached").finish_non_exhaustive()
    }
}
