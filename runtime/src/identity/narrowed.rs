//! Tokens that may less than their users.

use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::principal::Principal;
use crate::role::Role;

/// What a token may less than its user: only read, at most a role, only in some organizations. Permissions and groups stay, but the root
/// group. A superuser's token that is narrowed by role or organization is that of a user without memberships.
///
/// ```
/// use orgscope::Role;
/// use orgscope::identity::Narrowed;
/// let reader = Narrowed::read_only();
/// let member = Narrowed::nothing().at_most(Role::Member).in_organizations([1, 4]);
/// # let _ = (reader, member);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrowed {
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    at_most: Option<i32>,
    /// The texts of their keys.
    #[serde(default)]
    organizations: Option<Vec<String>>,
}

impl Narrowed {
    /// A token that may all that its user may.
    pub fn nothing() -> Narrowed {
        Narrowed::default()
    }

    /// A token that only reads.
    pub fn read_only() -> Narrowed {
        let read_only = true;
        Narrowed {
            read_only,
            ..Narrowed::default()
        }
    }

    /// The same, with at most this role in each organization.
    pub fn at_most(mut self, role: Role) -> Narrowed {
        self.at_most = Some(role.code());
        self
    }

    /// The same, in these organizations only.
    pub fn in_organizations<K: Key>(mut self, keys: impl IntoIterator<Item = K>) -> Narrowed {
        self.organizations = Some(keys.into_iter().map(|key| key.to_string()).collect());
        self
    }

    /// What is stored; `None` for a token that may everything.
    pub(super) fn stored(&self) -> Option<String> {
        let narrows = *self != Narrowed::default();
        // Booleans, numbers and texts can always be written.
        narrows.then(|| serde_json::to_string(self).unwrap_or_else(|_| "?".into()))
    }

    /// What was stored; `None` for what cannot be read, which nobody may use.
    pub(super) fn read(stored: &str) -> Option<Narrowed> {
        let narrowed: Narrowed = serde_json::from_str(stored).ok()?;
        match narrowed.at_most {
            Some(code) if Role::from_code(code).is_none() => None,
            _ => Some(narrowed),
        }
    }

    /// The caller with this token, of whom the memberships are loaded.
    pub(super) fn apply<K: Key>(&self, principal: Principal<K>) -> Principal<K> {
        let principal = match self.read_only {
            true => principal.reading_only(),
            false => principal,
        };
        if self.at_most.is_none() && self.organizations.is_none() {
            return principal;
        }
        let highest = self.at_most.and_then(Role::from_code);
        principal.narrowed(|organization, role| {
            let listed = self.organizations.as_ref();
            let is_listed =
                listed.is_none_or(|keys| keys.iter().any(|key| *key == organization.to_string()));
            is_listed.then(|| highest.map_or(role, |highest| role.min(highest)))
        })
    }
}
