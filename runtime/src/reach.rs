//! A rule resolved for one caller: everything, nothing, or a set of organizations.

use std::sync::{Arc, OnceLock};

use crate::access::Access;
use crate::key::{Key, KeySet, UserId};
use crate::policy::Caller;
use crate::principal::{Authority, Principal};
use crate::role::Role;

/// What an authorized caller may reach: the caller and the rule. Only an authorized caller's check makes one.
#[derive(Debug)]
pub struct Grant<K> {
    principal: Option<Principal<K>>,
    access: Access,
    reach: OnceLock<Arc<Reach<K>>>,
}

/// Which organizations' rows a list shows.
#[derive(Debug)]
pub(crate) enum Reach<K> {
    /// Every row: the caller is a superuser.
    Everything,
    /// No row.
    Nothing,
    /// The rows of these organizations, and the shared ones.
    Some {
        organizations: Organizations<K>,
        shared: bool,
    },
}

#[derive(Debug)]
pub(crate) enum Organizations<K> {
    None,
    /// The memberships are at hand. The tables know them as well if there is a user.
    Keys {
        keys: KeySet<K>,
        user: Option<UserId>,
        roles: [bool; 3],
    },
    /// They were not: the database looks them up.
    Memberships {
        user: UserId,
        roles: [bool; 3],
    },
}

impl<K: Key> Grant<K> {
    pub(crate) fn new(principal: Option<Principal<K>>, access: Access) -> Grant<K> {
        Grant {
            principal,
            access,
            reach: OnceLock::new(),
        }
    }

    /// The grant of everybody, for the rows of a global model.
    pub fn of_anyone() -> Arc<Grant<K>> {
        Arc::new(Grant::new(None, Access::of::<crate::policy::Anyone>()))
    }

    pub(crate) fn principal(&self) -> Option<&Principal<K>> {
        self.principal.as_ref()
    }

    pub(crate) fn caller(&self) -> Caller {
        self.principal
            .as_ref()
            .map_or(Caller::ANONYMOUS, Principal::caller)
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    pub(crate) fn reach(&self) -> &Arc<Reach<K>> {
        self.reach.get_or_init(|| Arc::new(self.resolve()))
    }

    fn resolve(&self) -> Reach<K> {
        let Some(principal) = &self.principal else {
            return Reach::Nothing;
        };
        let caller = principal.caller();
        if caller.superuser {
            return Reach::Everything;
        }
        if self.access.admit(caller).is_err() {
            return Reach::Nothing;
        }
        let shown = self.access.shown(caller);
        let organizations = organizations(principal, shown.roles);
        match (&organizations, shown.shared) {
            (Organizations::None, false) => Reach::Nothing,
            (_, shared) => Reach::Some {
                organizations,
                shared,
            },
        }
    }
}

fn organizations<K: Key>(principal: &Principal<K>, roles: [bool; 3]) -> Organizations<K> {
    let shows = |role: Role| roles[role.index()];
    let lowest_shown = Role::ALL.into_iter().find(|role| shows(*role));
    let (Some(lowest_shown), Some(highest)) = (lowest_shown, principal.highest_role()) else {
        return Organizations::None;
    };
    if highest < lowest_shown {
        return Organizations::None;
    }
    let user = match principal.authority() {
        Authority::Tables(user) => Some(user),
        Authority::Given(_) => None,
    };
    let memberships = match (principal.memberships(), user.clone()) {
        (Some(memberships), _) => memberships,
        (None, Some(user)) => return Organizations::Memberships { user, roles },
        (None, None) => return Organizations::None,
    };
    let keys: Vec<K> = memberships
        .iter()
        .filter(|(_, role)| shows(*role))
        .map(|(key, _)| key.clone())
        .collect();
    if keys.is_empty() {
        return Organizations::None;
    }
    let keys = KeySet::new(keys);
    Organizations::Keys { keys, user, roles }
}
