//! The authenticated caller.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::access::Access;
use crate::error::Denied;
use crate::key::{Key, KeySet, UserId};
use crate::policy::Caller;
use crate::role::Role;

/// What is to be loaded of a caller beside the user. Known at compile time, from a handler's policy and arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Every membership in an enabled organization. Lists bind them as a set; nothing else needs them.
    pub memberships: bool,
}

impl Facts {
    /// The user and the highest role.
    pub const CALLER: Facts = Facts { memberships: false };
    /// The user and every membership.
    pub const MEMBERSHIPS: Facts = Facts { memberships: true };
}

/// The authenticated caller; `K` is the key type of organizations. Cheap to clone.
///
/// The identity module loads it (see [`identity::principal`](crate::identity::principal)); authenticators of your own
/// build it with [`Principal::new`].
#[derive(Clone)]
pub struct Principal<K = i32>(Arc<Inner<K>>);

struct Inner<K> {
    user: UserId,
    superuser: bool,
    highest: Option<Role>,
    memberships: Option<Vec<(K, Role)>>,
    /// The memberships were given, not loaded: the tables say nothing about this caller.
    given: bool,
    by_role: OnceLock<Arc<ByRole<K>>>,
}

/// The keys of a caller's organizations by role, in the order of [`Role::ALL`].
pub(crate) type ByRole<K> = [KeySet<K>; 3];

/// Who knows a caller's memberships.
#[derive(Clone, Debug)]
pub(crate) enum Authority<K> {
    /// The tables, for this user.
    Tables(UserId),
    /// The caller itself.
    Given(Arc<ByRole<K>>),
}

impl<K: Key> Principal<K> {
    /// A caller with these memberships in enabled organizations and no others, whatever the tables say: for callers that
    /// come from elsewhere, or that are to have less than their user.
    ///
    /// ```
    /// use orgscope::{Principal, Role};
    /// let caller = Principal::new(7_i32, false, [(1, Role::Manager), (4, Role::Member)]);
    /// assert_eq!(caller.role_in(&4), Some(Role::Member));
    /// ```
    pub fn new<U: Key>(
        user: U,
        superuser: bool,
        memberships: impl IntoIterator<Item = (K, Role)>,
    ) -> Principal<K> {
        Self::with_memberships(user, superuser, memberships, true)
    }

    /// A caller whose memberships were loaded from the tables.
    pub(crate) fn loaded<U: Key>(
        user: U,
        superuser: bool,
        memberships: impl IntoIterator<Item = (K, Role)>,
    ) -> Principal<K> {
        Self::with_memberships(user, superuser, memberships, false)
    }

    fn with_memberships<U: Key>(
        user: U,
        superuser: bool,
        memberships: impl IntoIterator<Item = (K, Role)>,
        given: bool,
    ) -> Principal<K> {
        let mut memberships: Vec<_> = memberships.into_iter().collect();
        memberships.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        memberships.dedup_by(|later, first| later.0 == first.0);
        let highest = memberships.iter().map(|(_, role)| *role).max();
        Principal(Arc::new(Inner {
            user: user.user_id(),
            superuser,
            highest,
            memberships: Some(memberships),
            given,
            by_role: OnceLock::new(),
        }))
    }

    /// A caller of whom only the highest role in any enabled organization is known; the memberships stay in the database
    /// and are asked for there, row by row.
    pub fn with_highest_role<U: Key>(
        user: U,
        superuser: bool,
        highest: Option<Role>,
    ) -> Principal<K> {
        Principal(Arc::new(Inner {
            user: user.user_id(),
            superuser,
            highest,
            memberships: None,
            given: false,
            by_role: OnceLock::new(),
        }))
    }

    /// The id of the user.
    pub fn user_id(&self) -> &UserId {
        &self.0.user
    }

    /// Whether the superuser flag is set.
    pub fn is_superuser(&self) -> bool {
        self.0.superuser
    }

    /// The highest role in any enabled organization.
    pub fn highest_role(&self) -> Option<Role> {
        self.0.highest
    }

    /// The memberships in enabled organizations, sorted by key; `None` when they were not loaded.
    pub fn memberships(&self) -> Option<&[(K, Role)]> {
        self.0.memberships.as_deref()
    }

    pub(crate) fn authority(&self) -> Authority<K> {
        if !self.0.given {
            return Authority::Tables(self.0.user.clone());
        }
        let by_role = self.0.by_role.get_or_init(|| {
            Arc::new(Role::ALL.map(|role| {
                let memberships = self.memberships().unwrap_or_default().iter();
                let of_role = memberships.filter(|(_, held)| *held == role);
                KeySet::new(of_role.map(|(key, _)| key.clone()).collect())
            }))
        });
        Authority::Given(by_role.clone())
    }

    /// The role in one enabled organization; `None` also when the memberships were not loaded.
    pub fn role_in(&self, organization: &K) -> Option<Role> {
        let memberships = self.memberships()?;
        let at = memberships
            .binary_search_by(|(key, _)| key.cmp(organization))
            .ok()?;
        memberships.get(at).map(|(_, role)| *role)
    }

    /// Asks a rule whether this caller could pass for any row at all.
    ///
    /// # Errors
    /// [`Denied`] with the reason.
    pub fn admitted(&self, access: Access) -> Result<(), Denied> {
        access.admit(self.caller())
    }

    /// What a policy may know of this caller.
    pub fn caller(&self) -> Caller {
        Caller {
            authenticated: true,
            superuser: self.0.superuser,
            highest: self.0.highest,
        }
    }
}

impl<K> fmt::Debug for Principal<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("user", &self.0.user)
            .field("superuser", &self.0.superuser)
            .field("highest", &self.0.highest)
            .field("memberships", &self.0.memberships.as_ref().map(Vec::len))
            .finish()
    }
}
