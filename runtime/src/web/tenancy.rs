//! The state of a service: its pool, and where its callers are found.

use std::sync::Arc;

use ipnet::IpNet;

use super::peer::Proxies;
use crate::authenticate::{Authenticator, Chain};
use crate::identity::{Bundled, IdentityStore, Stored, Tables};
use crate::key::Key;
use crate::pool::Pool;
use crate::signing::SigningKey;
use crate::throttle::{Rate, ThrottleStore, Throttles, WhenUnavailable};

/// What the extractors need of a service: a pool `P`, and a store of callers whose organizations have keys `K`. Cheap to
/// clone. It can be the router's state itself, or a part of it (see [`HasTenancy`]).
pub struct Tenancy<P = crate::any::AnyPool, K: 'static = i32> {
    pool: P,
    identity: Arc<dyn IdentityStore<K>>,
    throttles: Arc<Throttles>,
    signing: Option<SigningKey>,
    chain: Chain<K>,
    proxies: Proxies,
}

impl<P: Pool, K: Key> Tenancy<P, K> {
    /// A service over the bundled tables, with user keys `U`, in the database of `pool`.
    pub fn bundled<U: Key>(pool: P) -> Self
    where
        Stored<P, Bundled<U, K>>: IdentityStore<K>,
    {
        Self::stored_in::<Bundled<U, K>>(pool)
    }

    /// A service over the tables `T`, in the database of `pool`: its users, organizations and memberships are where they already were.
    pub fn stored_in<T: Tables<Organization = K>>(pool: P) -> Self
    where
        Stored<P, T>: IdentityStore<K>,
    {
        let identity = Stored::<P, T>::new(pool.clone());
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
            signing: SigningKey::random().ok(),
            chain: Chain::default(),
            proxies: Proxies::default(),
        }
    }

    /// The same service with other limits for attempts to log in: of one account, and from one address (of IPv6, one /64). Without them
    /// it is 5 and 20 a minute. An application of axum that is served without addresses
    /// (`into_make_service_with_connect_info::<SocketAddr>()`) counts all together; actix always has them, but for Unix sockets.
    #[cfg(feature = "password")]
    pub fn login_rates(mut self, account: Rate, address: Rate) -> Self {
        Arc::make_mut(&mut self.throttles).set_logins(account, address);
        self
    }

    #[cfg(feature = "password")]
    pub(crate) fn shared_identity(&self) -> Arc<dyn IdentityStore<K>> {
        self.identity.clone()
    }

    /// The same service with one more authenticator, which is asked after those before; one with the same name takes the other's
    /// place. A service begins with [`Bearer`](crate::authenticate::Bearer).
    pub fn authenticator(mut self, authenticator: impl Authenticator<K>) -> Self {
        self.chain.add(authenticator);
        self
    }

    /// The same service without authenticators, to begin in another order.
    pub fn without_authenticators(mut self) -> Self {
        self.chain.clear();
        self
    }

    /// The same service behind proxies with these addresses (`10.0.0.0/8`): from them, and from nobody else, the header
    /// `X-Forwarded-For` is believed.
    pub fn trusted_proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.proxies = Proxies::new(networks);
        self
    }

    pub(crate) fn chain(&self) -> &Chain<K> {
        &self.chain
    }

    pub(crate) fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    /// The same service with a key that signs what clients bring back, such as cursors. Without one it is a new key with each
    /// start: what was signed before, or by another process of the same service, is refused.
    pub fn signing_key(mut self, key: SigningKey) -> Self {
        self.signing = Some(key);
        self
    }

    /// The key; `None` where the operating system had no randomness for one.
    pub(crate) fn signing(&self) -> Option<&SigningKey> {
        self.signing.as_ref()
    }

    /// The same service with a throttle: how often one caller may call the endpoints that name it (`throttle = "name"`).
    /// Callers without a login are told apart by the address of their connection; axum knows it where the application is served with
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn throttle(mut self, name: &'static str, rate: Rate) -> Self {
        Arc::make_mut(&mut self.throttles).add(name, rate);
        self
    }

    /// The same service, which counts requests and attempts to log in in a store that several processes share, such as
    /// `RedisThrottles`. While that does not answer, requests that name a throttle are refused or admitted, and nobody logs in with
    /// a password.
    pub fn throttle_store(
        mut self,
        store: impl ThrottleStore,
        when_unavailable: WhenUnavailable,
    ) -> Self {
        Arc::make_mut(&mut self.throttles).count_in(store, when_unavailable);
        self
    }

    pub(crate) fn throttles(&self) -> &Arc<Throttles> {
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
        Stored<P, Bundled>: IdentityStore<i32>,
    {
        Self::bundled::<i32>(pool)
    }
}

impl<P: Clone, K: 'static> Clone for Tenancy<P, K> {
    fn clone(&self) -> Self {
        Tenancy {
            pool: self.pool.clone(),
            identity: self.identity.clone(),
            throttles: self.throttles.clone(),
            signing: self.signing.clone(),
            chain: self.chain.clone(),
            proxies: self.proxies.clone(),
        }
    }
}

impl<P, K: 'static> std::fmt::Debug for Tenancy<P, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tenancy").finish_non_exhaustive()
    }
}

/// A router state that holds a [`Tenancy`].
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no tenancy [org103]",
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
