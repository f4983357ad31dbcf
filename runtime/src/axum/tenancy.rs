//! The state of a service: its pool, and where its callers are found.

use std::sync::Arc;

use crate::identity::{Bundled, IdentityStore};
use crate::key::Key;
use crate::pool::Pool;
use crate::throttle::{Rate, Throttles};

/// What the extractors need of a service: a pool `P`, and a store of callers whose organizations have keys `K`. Cheap to
/// clone. It can be the router's state itself, or a part of it (see [`HasTenancy`]).
pub struct Tenancy<P = crate::any::AnyPool, K = i32> {
    pool: P,
    identity: Arc<dyn IdentityStore<K>>,
    throttles: Arc<Throttles>,
}

impl<P: Pool, K: Key> Tenancy<P, K> {
    /// A service over the bundled tables, with user keys `U`, in the database of `pool`.
    pub fn bundled<U: Key>(pool: P) -> Self
    where
        Bundled<P, U>: IdentityStore<K>,
    {
        let identity = Bundled::new(pool.clone());
        Self::with_identity(pool, identity)
    }

    /// A service with another store of callers.
    pub fn with_identity(pool: P, identity: impl IdentityStore<K>) -> Self {
        let identity = Arc::new(identity);
        let throttles = Arc::default();
        Tenancy {
            pool,
            identity,
            throttles,
        }
    }

    /// The same service with a throttle: how often one caller may call the endpoints that name it (`throttle = "name"`).
    /// Callers without a login are told apart by the address of their connection, where the application is served with
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn throttle(mut self, name: &'static str, rate: Rate) -> Self {
        Arc::make_mut(&mut self.throttles).add(name, rate);
        self
    }

    pub(crate) fn throttles(&self) -> &Throttles {
        &self.throttles
    }

    /// The pool. Not for handlers: what runs on its connections is not scoped.
    pub(crate) fn pool(&self) -> &P {
        &self.pool
    }

    pub(crate) fn identity(&self) -> &dyn IdentityStore<K> {
        &*self.identity
    }
}

impl<P: Pool> Tenancy<P> {
    /// A service over the bundled tables with `i32` keys, in the database of `pool`.
    pub fn new(pool: P) -> Self
    where
        Bundled<P, i32>: IdentityStore<i32>,
    {
        Self::bundled::<i32>(pool)
    }
}

impl<P: Clone, K> Clone for Tenancy<P, K> {
    fn clone(&self) -> Self {
        Tenancy {
            pool: self.pool.clone(),
            identity: self.identity.clone(),
            throttles: self.throttles.clone(),
        }
    }
}

impl<P, K> std::fmt::Debug for Tenancy<P, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tenancy").finish_non_exhaustive()
    }
}

/// A router state that holds a [`Tenancy`].
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no tenancy",
    note = "use `Tenancy` as the state, or implement `HasTenancy` for your state: three lines that return its `Tenancy`"
)]
pub trait HasTenancy: Send + Sync {
    /// The pool.
    type Pool: Pool;
    /// The key type of organizations.
    type OrgKey: Key;

    /// The tenancy.
    fn tenancy(&self) -> &Tenancy<Self::Pool, Self::OrgKey>;
}

impl<P: Pool, K: Key> HasTenancy for Tenancy<P, K> {
    type Pool = P;
    type OrgKey = K;

    fn tenancy(&self) -> &Tenancy<P, K> {
        self
    }
}
