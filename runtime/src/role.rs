//! The role of a user in an organization.

use std::fmt;

/// What a membership lets its user do in one organization. A higher role implies the lower ones.
///
/// ```
/// use orgscope::Role;
/// assert!(Role::Owner > Role::Manager && Role::Manager > Role::Member);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Belongs to the organization.
    Member = 1,
    /// Manages the organization.
    Manager = 2,
    /// Owns the organization; an organization has at most one owner.
    Owner = 3,
}

impl Role {
    /// Every role, the lowest first.
    pub const ALL: [Role; 3] = [Role::Member, Role::Manager, Role::Owner];

    /// The number that stands for the role in `memberships.role`.
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// The role of a number in `memberships.role`; `None` for a number that stands for no role.
    pub const fn from_code(code: i32) -> Option<Role> {
        match code {
            1 => Some(Role::Member),
            2 => Some(Role::Manager),
            3 => Some(Role::Owner),
            _ => None,
        }
    }

    /// The position of the role in [`Role::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize - 1
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Member => "member",
            Role::Manager => "manager",
            Role::Owner => "owner",
        })
    }
}
