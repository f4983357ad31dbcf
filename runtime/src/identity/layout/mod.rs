//! Where users, organizations and what they have are stored: in the bundled tables, or in tables that a service already has.
//!
//! Every statement about callers is written for the bundled tables. Where a service has its own, a subselect with the same columns stands
//! in the place of the table's name: databases merge it into the statement, so that their indexes serve.

mod groups;
mod memberships;
mod organizations;
mod subscriptions;
mod time;
mod users;
mod view;

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::dialect::{Database, Dialect};
use crate::key::Key;

pub use groups::{Codenames, GroupMembers, GroupPermissions, Groups, UserPermissions};
pub use memberships::Memberships;
pub use organizations::Organizations;
pub use subscriptions::Subscriptions;
pub use time::{Instant, Moment, Time};
pub(crate) use users::Accounts;
use users::Columns;
pub use users::{TextOrNull, Users};
use view::View;
pub use view::{ColumnOf, NamedOnce};

/// The tables of a service: the [`Bundled`] ones, or its own.
///
/// A database as Django lays out the users of openwisp:
///
/// ```
/// # #[cfg(feature = "uuid")] mod django {
/// use orgscope::DjangoUuid;
/// use orgscope::identity::{Mapping, Memberships, Organizations, Tables, Users};
///
/// diesel::table! {
///     openwisp_users_user (id) {
///         id -> orgscope::sql_types::DjangoUuid, username -> Text, is_active -> Bool, is_superuser -> Bool,
///         password -> Text, last_login -> Nullable<Timestamp>,
///     }
/// }
/// diesel::table! {
///     openwisp_users_organization (id) { id -> orgscope::sql_types::DjangoUuid, slug -> Text, is_active -> Bool }
/// }
/// diesel::table! {
///     openwisp_users_organizationuser (id) {
///         id -> orgscope::sql_types::DjangoUuid, user_id -> orgscope::sql_types::DjangoUuid,
///         organization_id -> orgscope::sql_types::DjangoUuid, is_admin -> Bool,
///     }
/// }
/// diesel::table! {
///     openwisp_users_organizationowner (id) {
///         id -> orgscope::sql_types::DjangoUuid, organization_user_id -> orgscope::sql_types::DjangoUuid,
///     }
/// }
///
/// use openwisp_users_organization as organization;
/// use openwisp_users_organizationowner as owner;
/// use openwisp_users_organizationuser as membership;
/// use openwisp_users_user as user;
///
/// pub struct Django;
///
/// impl Tables for Django {
///     type User = DjangoUuid;
///     type Organization = DjangoUuid;
///     const MAPPING: Mapping<DjangoUuid, DjangoUuid> = Mapping::new(
///         Users::new(user::id, user::username, user::is_active, user::is_superuser)
///             .password(user::password)
///             .last_login(user::last_login),
///         Organizations::new(organization::id, organization::slug, organization::is_active),
///         Memberships::by_flag(membership::user_id, membership::organization_id, membership::is_admin)
///             .owners(membership::id, owner::organization_user_id),
///     );
/// }
/// # }
/// ```
///
/// Such tables are read, and logins note themselves there. The functions that change users, organizations and memberships
/// ([`set_password`](super::set_password), [`join_organization`](super::join_organization) and the like) are for the bundled tables: who keeps
/// its own changes them itself, and revokes tokens and links when it changes a password. On MySQL, texts are compared as `utf8mb4`.
///
/// A column of another type than the key, or of another table, does not compile. What a mapping does not name is in the bundled tables:
/// [`Migrations::beside`](super::Migrations::beside) makes them.
pub trait Tables: Sized + Send + Sync + 'static {
    /// The key type of users.
    type User: Key;
    /// The key type of organizations.
    type Organization: Key;
    /// Where what is.
    const MAPPING: Mapping<Self::User, Self::Organization>;
}

/// The bundled tables, with keys of these types.
#[derive(Debug)]
pub struct Bundled<U = i32, K = i32>(std::marker::PhantomData<fn() -> (U, K)>);

impl<U: Key, K: Key> Tables for Bundled<U, K> {
    type User = U;
    type Organization = K;
    const MAPPING: Mapping<U, K> = Mapping {
        layout: BUNDLED,
        keys: std::marker::PhantomData,
    };
}

/// Where the tables of a service are, for user keys `U` and organization keys `K`.
#[derive(Debug)]
pub struct Mapping<U, K> {
    layout: Layout,
    keys: std::marker::PhantomData<fn() -> (U, K)>,
}

impl<U: Key, K: Key> Mapping<U, K> {
    /// These tables, and the bundled ones for everything else.
    pub const fn new<Accounts: NamedOnce, Members: NamedOnce>(
        users: Users<U, Accounts>,
        organizations: Organizations<K>,
        memberships: Memberships<U, K, Members>,
    ) -> Self {
        let layout = Layout {
            users: Some(users.columns()),
            organizations: Some(organizations.view()),
            memberships: Some(memberships.view()),
            ..BUNDLED
        };
        let keys = std::marker::PhantomData;
        Mapping { layout, keys }
    }

    /// Groups as well, and who is in them.
    pub const fn groups(mut self, groups: Groups, members: GroupMembers<U>) -> Self {
        self.layout.groups = Some(groups.view());
        self.layout.group_members = Some(members.view());
        self
    }

    /// Permissions as well, of users and of groups.
    pub const fn permissions(
        mut self,
        of_users: UserPermissions<U>,
        of_groups: GroupPermissions,
    ) -> Self {
        self.layout.user_permissions = Some(of_users.view());
        self.layout.group_permissions = Some(of_groups.view());
        self
    }

    /// Subscriptions as well.
    pub const fn subscriptions(mut self, subscriptions: Subscriptions<U>) -> Self {
        self.layout.subscriptions = Some(subscriptions.view());
        self
    }
}

/// Where the tables of a service are; a bundled one where there is nothing.
#[derive(Debug)]
pub struct Layout {
    users: Option<Columns>,
    organizations: Option<View>,
    memberships: Option<View>,
    groups: Option<View>,
    group_members: Option<View>,
    user_permissions: Option<View>,
    group_permissions: Option<View>,
    subscriptions: Option<View>,
}

const BUNDLED: Layout = Layout {
    users: None,
    organizations: None,
    memberships: None,
    groups: None,
    group_members: None,
    user_permissions: None,
    group_permissions: None,
    subscriptions: None,
};

impl Layout {
    /// The layout of tables.
    pub(crate) const fn of<T: Tables>() -> &'static Layout {
        const { &T::MAPPING.layout }
    }

    /// The bundled tables.
    pub(crate) const fn bundled() -> &'static Layout {
        const { &BUNDLED }
    }

    /// Writes SQL in which names in braces stand for tables: `FROM {users} AS u`.
    pub(crate) fn push<DB: Dialect>(
        &'static self,
        sql: &str,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        let mut left = sql;
        while let Some((text, (table, rest))) = left
            .split_once('{')
            .and_then(|(text, rest)| Some((text, rest.split_once('}')?)))
        {
            out.push_sql(text);
            match self.view(table) {
                None => out.push_sql(table),
                Some(view) => view.write(out.reborrow())?,
            }
            left = rest;
        }
        out.push_sql(left);
        Ok(())
    }

    /// What stands for a bundled table.
    fn view(&'static self, table: &str) -> Option<&'static View> {
        match table {
            "users" => self.users.as_ref().map(|users| &users.view),
            "organizations" => self.organizations.as_ref(),
            "memberships" => self.memberships.as_ref(),
            "access_groups" => self.groups.as_ref(),
            "group_members" => self.group_members.as_ref(),
            "user_permissions" => self.user_permissions.as_ref(),
            "group_permissions" => self.group_permissions.as_ref(),
            "subscriptions" => self.subscriptions.as_ref(),
            _ => None,
        }
    }

    /// Whether a table is one of the bundled ones.
    pub(super) fn is_bundled(&'static self, table: &str) -> bool {
        self.view(table).is_none()
    }

    /// A table and its key, as a foreign key refers to them.
    pub(super) fn reference(&'static self, table: &str, database: Database) -> String {
        let reference = self.view(table).and_then(|view| view.reference(database));
        reference.unwrap_or_else(|| format!("{table} (id)"))
    }

    /// Where accounts are changed.
    pub(super) fn accounts(&'static self) -> Accounts {
        self.users
            .as_ref()
            .map_or(Accounts::BUNDLED, |users| users.accounts)
    }

    /// Whether it is known when users last logged in.
    pub(super) fn notes_logins(&'static self) -> bool {
        self.accounts().last_login.is_some()
    }
}
