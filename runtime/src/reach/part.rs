//! Which organizations a list shows rows of, and who knows them.

use crate::access::{Intent, Shown};
use crate::key::{Key, KeySet};
use crate::membership::Member;
use crate::principal::{Authority, Principal};
use crate::role::Role;

/// Rows of some organizations.
#[derive(Debug)]
pub(crate) struct Part<K> {
    pub(crate) organizations: Organizations<K>,
    pub(crate) shared: bool,
    pub(crate) shown: Shown,
}

#[derive(Debug)]
pub(crate) enum Organizations<K> {
    None,
    /// The memberships are at hand. The tables know them as well if there is a member.
    Keys {
        keys: KeySet<K>,
        member: Option<Member>,
        roles: [bool; 3],
    },
    /// They were not: the database looks them up.
    Memberships {
        member: Member,
        roles: [bool; 3],
    },
}

impl<K> Part<K> {
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.organizations, Organizations::None) && !self.shared
    }
}

impl<K: Key> Organizations<K> {
    /// Those where the caller has one of the roles.
    pub(crate) fn of(
        principal: &Principal<K>,
        roles: [bool; 3],
        intent: Intent,
    ) -> Organizations<K> {
        let shows = |role: Role| roles[role.index()];
        let lowest_shown = Role::ALL.into_iter().find(|role| shows(*role));
        let (Some(lowest_shown), Some(highest)) = (lowest_shown, principal.highest_role()) else {
            return Organizations::None;
        };
        if highest < lowest_shown {
            return Organizations::None;
        }
        let member = match principal.authority() {
            Authority::Tables(member) => Some(member),
            Authority::Given(_) => None,
        };
        let memberships = match (principal.memberships(), member.clone()) {
            // A body may be long in coming: what was revoked meanwhile is not written with.
            (Some(_), Some(member)) if intent == Intent::Write => {
                return Organizations::Memberships { member, roles };
            }
            (Some(memberships), _) => memberships,
            (None, Some(member)) => return Organizations::Memberships { member, roles },
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
        Organizations::Keys {
            keys,
            member,
            roles,
        }
    }
}
