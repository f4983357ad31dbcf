//! What is kept of a caller.

use serde::{Deserialize, Serialize};

use crate::facts::{Group, GroupKind};
use crate::identity::caller::Found;
use crate::key::{Key, UserId};
use crate::principal::Principal;
use crate::role::Role;

/// A caller with memberships, groups and permissions, and the epoch in which they were true. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CachedFacts<K: 'static> {
    epoch: i64,
    principal: Principal<K>,
}

/// The same as text.
#[derive(Serialize, Deserialize)]
struct Written {
    user: String,
    epoch: i64,
    superuser: bool,
    /// The text of a key, and the code of a role.
    memberships: Vec<(String, i32)>,
    groups: Vec<(i32, String, Option<i32>)>,
    permissions: Vec<String>,
}

impl<K: Key> CachedFacts<K> {
    /// Of a caller that was loaded with its epoch; `None` where epochs are not counted.
    pub(super) fn of(found: &Found<K>) -> Option<CachedFacts<K>> {
        Some(CachedFacts {
            epoch: found.epoch()?,
            principal: found.principal.clone(),
        })
    }

    /// The caller, if nothing has changed.
    pub(super) fn still_true(self, now: &Found<K>) -> Option<Principal<K>> {
        let same_user = self.principal.user_id() == now.principal.user_id();
        let same_rank = self.principal.is_superuser() == now.principal.is_superuser();
        (same_user && same_rank && Some(self.epoch) == now.epoch()).then_some(self.principal)
    }

    /// The caller as it was.
    pub fn principal(&self) -> &Principal<K> {
        &self.principal
    }

    /// About how much memory it takes, in bytes.
    pub fn size(&self) -> usize {
        let memberships = self.principal.memberships().unwrap_or_default();
        let texts = match K::IS_TEXT {
            true => memberships
                .iter()
                .map(|(key, _)| key.to_string().len())
                .sum(),
            false => 0,
        };
        let keys = size_of_val(memberships) + texts;
        let caller = self.principal.caller();
        let groups = caller.groups().unwrap_or_default().iter();
        let groups: usize = groups.map(|one| size_of::<Group>() + one.name.len()).sum();
        let permissions = caller.permissions().iter();
        let permissions: usize = permissions.map(|one| size_of::<String>() + one.len()).sum();
        256 + keys + groups + permissions
    }

    /// The facts as text, for caches outside of the process; `None` for what has no text.
    pub fn to_text(&self) -> Option<String> {
        let principal = &self.principal;
        let memberships = principal.memberships()?.iter();
        let caller = principal.caller();
        let written = Written {
            user: principal.user_id().to_string(),
            epoch: self.epoch,
            superuser: principal.is_superuser(),
            memberships: memberships
                .map(|(key, role)| (key.to_string(), role.code()))
                .collect(),
            groups: caller
                .groups()?
                .iter()
                .map(|group| {
                    (
                        group.id,
                        group.name.clone(),
                        group.kind.map(GroupKind::code),
                    )
                })
                .collect(),
            permissions: caller.permissions().to_vec(),
        };
        serde_json::to_string(&written).ok()
    }

    /// What [`to_text`](Self::to_text) wrote for this user, in the bundled tables; `None` for anything else.
    pub fn from_text(user: &UserId, text: &str) -> Option<CachedFacts<K>> {
        let written: Written = serde_json::from_str(text).ok()?;
        if written.user != user.to_string() {
            return None;
        }
        let memberships = written.memberships.iter();
        let memberships: Option<Vec<(K, Role)>> = memberships
            .map(|(key, role)| K::read(key).zip(Role::from_code(*role)))
            .collect();
        let groups = written.groups.into_iter().map(|(id, name, kind)| {
            let kind = kind.map(GroupKind::from_code);
            // A kind that this version does not know.
            let kind = kind.map_or(Some(None), |kind| kind.map(Some))?;
            Some(Group { id, name, kind })
        });
        let groups: Option<Vec<Group>> = groups.collect();
        Some(CachedFacts {
            epoch: written.epoch,
            principal: Principal::loaded(user.clone(), written.superuser, memberships?)
                .with_groups(groups?)
                .with_permissions(written.permissions),
        })
    }
}
