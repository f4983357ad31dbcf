//! Who asks in a test, and what the rules say of it: written from the rules, and not by means of a scope.

use super::truth::Home;
use crate::access::Access;
use crate::key::Key;
use crate::model::OrgScoped;
use crate::principal::Principal;
use crate::reach::Grant;
use crate::role::Role;
use crate::scoped::Scoped;

/// A caller with a name for reports.
#[derive(Clone, Debug)]
pub(super) struct Caller<K> {
    pub(super) name: String,
    anonymous: bool,
    superuser: bool,
    roles: Vec<(K, Role)>,
    /// Puts the caller into the tables of its service.
    place: fn(Principal<K>) -> Principal<K>,
}

impl<K: Key> Caller<K> {
    pub(super) fn with(roles: &[(&K, Role)]) -> Self {
        let names = roles.iter().map(|(key, role)| format!("{role} of {key}"));
        let name = names.collect::<Vec<_>>().join(" and ");
        Caller {
            name,
            anonymous: false,
            superuser: false,
            place: |principal| principal,
            roles: roles
                .iter()
                .map(|(key, role)| ((*key).clone(), *role))
                .collect(),
        }
    }

    fn named(name: &str) -> Self {
        Caller {
            name: name.to_owned(),
            ..Self::with(&[])
        }
    }

    pub(super) fn stranger() -> Self {
        Self::named("stranger")
    }

    pub(super) fn anonymous() -> Self {
        Caller {
            anonymous: true,
            ..Self::named("anonymous")
        }
    }

    pub(super) fn superuser() -> Self {
        Caller {
            superuser: true,
            ..Self::named("superuser")
        }
    }

    /// The same in the tables of a service.
    pub(super) fn placed(self, place: fn(Principal<K>) -> Principal<K>) -> Self {
        Caller { place, ..self }
    }

    /// The rows of a model that a rule lets it have.
    pub(super) fn scope<M: OrgScoped<OrgKey = K>>(&self, access: Access) -> Scoped<M> {
        let principal = Principal::new(1_i32, self.superuser, self.roles.iter().cloned());
        let principal = Some((self.place)(principal)).filter(|_| !self.anonymous);
        Scoped::granted(Grant::at_once(principal, access).into(), M::PATH)
    }

    fn highest(&self) -> Option<Role> {
        self.roles.iter().map(|(_, role)| *role).max()
    }

    fn has(&self, role: Role, organization: &K) -> bool {
        self.roles
            .iter()
            .any(|(key, own)| key == organization && *own >= role)
    }

    /// Whether it may read a row where this role is asked for: a row of an organization where it has the role; a shared one if it has the role
    /// anywhere, and manages something.
    pub(super) fn reads(&self, role: Role, home: &Home<K>) -> bool {
        let shared = self.highest() >= Some(role.max(Role::Manager));
        match home {
            _ if self.superuser => true,
            Home::Of(organization) => self.has(role, organization),
            Home::Shared => shared,
            Home::Nobody => false,
        }
    }

    /// Whether it may change such a row: shared ones are for superusers.
    pub(super) fn writes(&self, role: Role, home: &Home<K>) -> bool {
        self.superuser || (matches!(home, Home::Of(_)) && self.reads(role, home))
    }
}
