//! What is known of a caller apart from its memberships: groups, permissions, subscription.

use std::fmt;

use crate::role::Role;

/// What is to be loaded of a caller beside the user. Known at compile time, from a handler's policy and arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Every membership in an enabled organization. Lists bind them as a set; nothing else needs them.
    pub memberships: bool,
    /// The groups.
    pub groups: bool,
    /// The permissions, held directly or through groups.
    pub permissions: bool,
    /// Whether a subscription covers now, or ever did.
    pub subscription: bool,
}

impl Facts {
    /// The user and the highest role.
    pub const CALLER: Facts = Facts {
        memberships: false,
        groups: false,
        permissions: false,
        subscription: false,
    };
    /// The user and every membership.
    pub const MEMBERSHIPS: Facts = Facts {
        memberships: true,
        ..Facts::CALLER
    };
    /// The user and the groups.
    pub const GROUPS: Facts = Facts {
        groups: true,
        ..Facts::CALLER
    };
    /// The user and the permissions.
    pub const PERMISSIONS: Facts = Facts {
        permissions: true,
        ..Facts::CALLER
    };
    /// The user and the subscription.
    pub const SUBSCRIPTION: Facts = Facts {
        subscription: true,
        ..Facts::CALLER
    };
    /// Everything.
    pub const ALL: Facts = Facts {
        memberships: true,
        groups: true,
        permissions: true,
        subscription: true,
    };

    /// The facts of both.
    pub const fn and(self, other: Facts) -> Facts {
        Facts {
            memberships: self.memberships || other.memberships,
            groups: self.groups || other.groups,
            permissions: self.permissions || other.permissions,
            subscription: self.subscription || other.subscription,
        }
    }
}

/// A group of users, across organizations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The key.
    pub id: i32,
    /// The name.
    pub name: String,
    /// What the group is apart from its members; `None` for a plain one.
    pub kind: Option<GroupKind>,
}

impl Group {
    /// A plain group.
    pub fn new(id: i32, name: impl Into<String>) -> Group {
        let name = name.into();
        Group {
            id,
            name,
            kind: None,
        }
    }

    /// The same group as one of a special kind.
    pub fn of_kind(self, kind: GroupKind) -> Group {
        let kind = Some(kind);
        Group { kind, ..self }
    }
}

/// The groups that mean something to orgscope. There is at most one of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// Its members pass `root`, and own every row of the organizations that they see.
    Root = 1,
    /// Everybody is in it: every caller that is loaded from the tables, and for the view groups of a row callers without a
    /// login too. A caller that is built by hand has the groups that it is given.
    Public = 2,
}

impl GroupKind {
    /// The number that stands for the kind in `groups.kind`.
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// The kind of a number in `groups.kind`.
    pub const fn from_code(code: i32) -> Option<GroupKind> {
        match code {
            1 => Some(GroupKind::Root),
            2 => Some(GroupKind::Public),
            _ => None,
        }
    }
}

/// A group by its key or its name: what `in_group(…)` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupRef {
    /// By the key.
    Id(i32),
    /// By the name.
    Name(&'static str),
}

impl From<i32> for GroupRef {
    fn from(id: i32) -> GroupRef {
        GroupRef::Id(id)
    }
}

impl From<&'static str> for GroupRef {
    fn from(name: &'static str) -> GroupRef {
        GroupRef::Name(name)
    }
}

impl fmt::Display for GroupRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GroupRef::Id(id) => id.fmt(f),
            GroupRef::Name(name) => write!(f, "{name:?}"),
        }
    }
}

/// Whether a caller subscribes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// There never was a subscription.
    Never,
    /// There was one, or will be; none covers now.
    Former,
    /// One covers now.
    Current,
}

/// What was loaded of a caller; `None` for what was not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) groups: Option<Vec<Group>>,
    /// Sorted.
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) subscription: Option<Subscription>,
}

impl Known {
    /// Of a caller who has nothing but what is added: nothing is unknown.
    pub(crate) fn nothing() -> Known {
        Known {
            groups: Some(Vec::new()),
            permissions: Some(Vec::new()),
            subscription: Some(Subscription::Never),
        }
    }
}

/// What a policy can know about the caller without looking at a row.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    pub(crate) authenticated: bool,
    pub(crate) superuser: bool,
    pub(crate) highest: Option<Role>,
    pub(crate) known: Option<&'a Known>,
}

impl Caller<'static> {
    /// A caller without a login.
    pub const ANONYMOUS: Caller<'static> = Caller {
        authenticated: false,
        superuser: false,
        highest: None,
        known: None,
    };
}

impl<'a> Caller<'a> {
    /// Somebody has logged in.
    #[inline]
    pub fn is_authenticated(&self) -> bool {
        self.authenticated
    }

    /// The superuser flag is set.
    #[inline]
    pub fn is_superuser(&self) -> bool {
        self.superuser
    }

    /// The highest role in any enabled organization.
    #[inline]
    pub fn highest_role(&self) -> Option<Role> {
        self.highest
    }

    /// Whether the caller has at least `role` in at least one enabled organization.
    #[inline]
    pub fn has_anywhere(&self, role: Role) -> bool {
        self.highest.is_some_and(|highest| highest >= role)
    }

    /// The groups; `None` when they were not loaded.
    #[inline]
    pub fn groups(&self) -> Option<&'a [Group]> {
        self.known?.groups.as_deref()
    }

    /// The permissions, sorted; none when they were not loaded.
    #[cfg(feature = "cache")]
    pub(crate) fn permissions(&self) -> &'a [String] {
        let permissions = self.known.and_then(|known| known.permissions.as_deref());
        permissions.unwrap_or_default()
    }

    /// Whether the caller is in a group; `None` when that is not known.
    #[inline]
    pub fn in_group(&self, group: &GroupRef) -> Option<bool> {
        let is = |one: &Group| match group {
            GroupRef::Id(id) => one.id == *id,
            GroupRef::Name(name) => one.name == *name,
        };
        self.groups().map(|groups| groups.iter().any(is))
    }

    /// Whether the caller is a superuser or in the root group; `None` when that is not known.
    #[inline]
    pub fn is_root(&self) -> Option<bool> {
        if self.superuser {
            return Some(true);
        }
        let is = |group: &Group| group.kind == Some(GroupKind::Root);
        self.groups().map(|groups| groups.iter().any(is))
    }

    /// Whether the caller has the permission `app.codename`; `None` when that is not known.
    #[inline]
    pub fn has_permission(&self, codename: &str) -> Option<bool> {
        let permissions = self.known?.permissions.as_ref()?;
        let found = permissions.binary_search_by(|one| one.as_str().cmp(codename));
        Some(found.is_ok())
    }

    /// Whether the caller has the permission `app.verb_model`; `None` when that is not known.
    pub(crate) fn has_model_permission(&self, model: (&str, &str), verb: &str) -> Option<bool> {
        let permissions = self.known?.permissions.as_ref()?;
        let is = |one: &String| {
            one.strip_prefix(model.0)
                .and_then(|rest| rest.strip_prefix('.'))
                .and_then(|rest| rest.strip_prefix(verb))
                .and_then(|rest| rest.strip_prefix('_'))
                == Some(model.1)
        };
        Some(permissions.iter().any(is))
    }

    /// Whether the caller subscribes; `None` when that is not known.
    #[inline]
    pub fn subscription(&self) -> Option<Subscription> {
        self.known?.subscription
    }
}

impl fmt::Debug for Caller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("authenticated", &self.authenticated)
            .field("superuser", &self.superuser)
            .field("highest", &self.highest)
            .finish_non_exhaustive()
    }
}
