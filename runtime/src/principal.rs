//! The authenticated caller.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::access::{Access, Intent};
use crate::error::Denied;
use crate::facts::{Caller, Group, GroupKind, Known, Subscription};
use crate::identity::{Layout, Tables};
use crate::key::{Key, KeySet, UserId};
use crate::membership::Member;
use crate::policy::{Asked, Decision, Policy, Question, Replies, Row, Standing};
use crate::role::Role;

/// The authenticated caller; `K` is the key type of organizations. Cheap to clone.
///
/// The identity module loads it (see [`identity::principal`](crate::identity::principal)); authenticators of your own
/// build it with [`Principal::new`].
#[derive(Clone)]
pub struct Principal<K = i32>(Arc<Inner<K>>);

#[derive(Clone)]
struct Inner<K> {
    user: UserId,
    superuser: bool,
    highest: Option<Role>,
    known: Known,
    memberships: Option<Vec<(K, Role)>>,
    /// The memberships were given, not loaded: the tables say nothing about this caller.
    given: bool,
    /// The credential is one that only reads.
    reads_only: bool,
    /// Where its user is.
    layout: &'static Layout,
    by_role: OnceLock<Arc<ByRole<K>>>,
}

/// The keys of a caller's organizations by role, in the order of [`Role::ALL`].
pub(crate) type ByRole<K> = [KeySet<K>; 3];

/// Who knows a caller's memberships.
#[derive(Clone, Debug)]
pub(crate) enum Authority<K> {
    /// The tables, for this user.
    Tables(Member),
    /// The caller itself.
    Given(Arc<ByRole<K>>),
}

impl<K: Key> Principal<K> {
    /// A caller with these memberships in enabled organizations and no others, and nothing else but what is added, whatever
    /// the tables say: for callers that come from elsewhere, or that are to have less than their user.
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
        Self::with_memberships(
            user.user_id(),
            superuser,
            memberships,
            Known::nothing(),
            true,
        )
    }

    /// A caller whose memberships were loaded from the tables.
    pub(crate) fn loaded(
        user: UserId,
        superuser: bool,
        memberships: impl IntoIterator<Item = (K, Role)>,
    ) -> Principal<K> {
        Self::with_memberships(user, superuser, memberships, Known::default(), false)
    }

    fn with_memberships(
        user: UserId,
        superuser: bool,
        memberships: impl IntoIterator<Item = (K, Role)>,
        known: Known,
        given: bool,
    ) -> Principal<K> {
        let mut memberships: Vec<_> = memberships.into_iter().collect();
        memberships.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        memberships.dedup_by(|later, first| later.0 == first.0);
        let highest = memberships.iter().map(|(_, role)| *role).max();
        Principal(Arc::new(Inner {
            user,
            superuser,
            highest,
            known,
            memberships: Some(memberships),
            given,
            reads_only: false,
            layout: Layout::bundled(),
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
            known: Known::default(),
            memberships: None,
            given: false,
            reads_only: false,
            layout: Layout::bundled(),
            by_role: OnceLock::new(),
        }))
    }

    /// The same caller in these groups.
    pub fn with_groups(self, groups: impl IntoIterator<Item = Group>) -> Principal<K> {
        let groups = Some(groups.into_iter().collect());
        self.knowing(|known| known.groups = groups)
    }

    /// The same caller with these permissions (`app.codename`).
    pub fn with_permissions<T: Into<String>>(
        self,
        permissions: impl IntoIterator<Item = T>,
    ) -> Principal<K> {
        let mut permissions: Vec<String> = permissions.into_iter().map(Into::into).collect();
        permissions.sort_unstable();
        permissions.dedup();
        self.knowing(|known| known.permissions = Some(permissions))
    }

    /// The same caller with this subscription.
    pub fn with_subscription(self, subscription: Subscription) -> Principal<K> {
        self.knowing(|known| known.subscription = Some(subscription))
    }

    /// The same caller with a credential that only reads: requests that change something are refused, and so are writes.
    pub fn reading_only(self) -> Principal<K> {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.reads_only = true;
        Principal(Arc::new(inner))
    }

    /// The same caller as an ordinary user with the roles that are left of each of its memberships, whatever the tables say.
    pub(crate) fn narrowed(self, left: impl Fn(&K, Role) -> Option<Role>) -> Principal<K> {
        let mut inner = Arc::unwrap_or_clone(self.0);
        let memberships = inner.memberships.take().unwrap_or_default().into_iter();
        let memberships: Vec<_> = memberships
            .filter_map(|(key, role)| Some((left(&key, role)?, key)))
            .map(|(role, key)| (key, role))
            .collect();
        inner.highest = memberships.iter().map(|(_, role)| *role).max();
        inner.memberships = Some(memberships);
        inner.superuser = false;
        inner.given = true;
        if let Some(groups) = &mut inner.known.groups {
            groups.retain(|group| group.kind != Some(GroupKind::Root));
        }
        inner.by_role = OnceLock::new();
        Principal(Arc::new(inner))
    }

    /// The same caller in a service whose users and organizations are in the tables `T`: scopes and writes ask them. A caller that was loaded from
    /// them, or found by a request, is already.
    pub fn in_tables<T: Tables<Organization = K>>(self) -> Principal<K> {
        self.stored_in(Layout::of::<T>())
    }

    /// The same caller, whose user is in these tables.
    pub(crate) fn stored_in(self, layout: &'static Layout) -> Principal<K> {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.layout = layout;
        Principal(Arc::new(inner))
    }

    /// Nobody who has called: a job of the service itself.
    pub(crate) fn system() -> Principal<K> {
        Principal::new("system".to_owned(), true, [])
    }

    /// The same caller, for whom no scope is drawn.
    pub(crate) fn elevated(self) -> Principal<K> {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.superuser = true;
        Principal(Arc::new(inner))
    }

    /// The tables that its user is in.
    pub(crate) fn layout(&self) -> &'static Layout {
        self.0.layout
    }

    fn knowing(self, learn: impl FnOnce(&mut Known)) -> Principal<K> {
        let mut inner = Arc::unwrap_or_clone(self.0);
        learn(&mut inner.known);
        Principal(Arc::new(inner))
    }

    /// The same caller to a model without a tenant, whatever its key type.
    pub(crate) fn without_organizations<J: Key>(&self) -> Principal<J> {
        Principal(Arc::new(Inner {
            user: self.0.user.clone(),
            superuser: self.0.superuser,
            highest: self.0.highest,
            known: self.0.known.clone(),
            memberships: None,
            given: self.0.given,
            reads_only: self.0.reads_only,
            layout: self.0.layout,
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

    /// Whether the credential may less than its user, or, of a caller that was made with [`Principal::new`], may do so. Who has such a one
    /// is not to be given a better one: a handler that issues tokens asks.
    pub fn is_narrowed(&self) -> bool {
        self.0.reads_only || self.0.given
    }

    /// Whether the credential is one that only reads.
    pub fn is_reading_only(&self) -> bool {
        self.0.reads_only
    }

    /// The highest role in any enabled organization.
    pub fn highest_role(&self) -> Option<Role> {
        self.0.highest
    }

    /// The memberships in enabled organizations, sorted by key; `None` when they were not loaded.
    #[inline]
    pub fn memberships(&self) -> Option<&[(K, Role)]> {
        self.0.memberships.as_deref()
    }

    pub(crate) fn authority(&self) -> Authority<K> {
        if !self.0.given {
            return Authority::Tables(Member {
                user: self.0.user.clone(),
                layout: self.0.layout,
            });
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
    #[inline]
    pub fn role_in(&self, organization: &K) -> Option<Role> {
        let memberships = self.memberships()?;
        let at = memberships
            .binary_search_by(|(key, _)| key.cmp(organization))
            .ok()?;
        memberships.get(at).map(|(_, role)| *role)
    }

    /// Asks a rule whether this caller could pass for any row at all. Own permissions that wait for something are asked with
    /// [`admitted_later`](Self::admitted_later).
    ///
    /// # Errors
    /// [`Denied`] with the reason.
    pub fn admitted(&self, access: Access) -> Result<(), Denied> {
        let asked = Asked::new(Some(self), None);
        let replies = Replies::at_once(&access, &Question::of(self.caller()), &asked);
        self.admit(access, &replies)
    }

    /// [`admitted`](Self::admitted), where own permissions may wait.
    ///
    /// # Errors
    /// As [`admitted`](Self::admitted).
    pub async fn admitted_later(&self, access: Access) -> Result<(), Denied> {
        let asked = Asked::new(Some(self), None);
        let replies = Replies::of(&access, &Question::of(self.caller()), &asked).await;
        self.admit(access, &replies)
    }

    fn admit(&self, access: Access, answers: &Replies) -> Result<(), Denied> {
        let question = Question {
            answers,
            ..Question::of(self.caller())
        };
        let outcome = access.admit_without_rows(&question);
        Decision::new(outcome, &access, question).log("caller check");
        outcome
    }

    /// Asks a policy about whatever row of an organization, without a database. The memberships have to be loaded; what only
    /// the row could answer, or an own permission, does not help.
    #[inline]
    pub fn decide<'a, P: Policy>(&'a self, organization: &'a K) -> Decision<'a> {
        let access = const { &Access::of::<P>() };
        let standing = self
            .role_in(organization)
            .map_or(Standing::Foreign, Standing::Of);
        let question = Question::of(self.caller()).about(Row {
            organization: Some(organization),
            ..Row::of(standing)
        });
        let outcome = match self.0.memberships {
            None if !self.0.superuser => Err(Denied::Undecided),
            _ if access.needs().rows => access.judge_any(&question, standing),
            _ => access.judge_by(&question, Intent::Read, P::decide),
        };
        Decision::new(outcome, access, question)
    }

    /// What a policy may know of this caller.
    #[inline]
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            authenticated: true,
            superuser: self.0.superuser,
            highest: self.0.highest,
            known: Some(&self.0.known),
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
