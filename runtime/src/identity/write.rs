//! Adding users, organizations, memberships, groups, permissions and subscriptions: for seeds, tests and the administration of a service.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Integer, Nullable, Text};

use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::facts::Group;
use crate::fetch::{Command, Execute};
use crate::key::Key;
use crate::role::Role;

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser<U = i32> {
    /// The key.
    pub id: U,
    /// The name to log in with.
    pub username: String,
    /// An inactive user is nobody.
    pub is_active: bool,
    /// Superusers pass every check and see every row.
    pub is_superuser: bool,
}

/// An organization to be added.
#[derive(Clone, Debug)]
pub struct NewOrganization<K = i32> {
    /// The key.
    pub id: K,
    /// The name.
    pub name: String,
    /// The short name in query strings.
    pub slug: String,
    /// Memberships in an inactive organization grant nothing.
    pub is_active: bool,
}

macro_rules! insert {
    ($type:ident<$($key:ident),*>: $sql:literal, $($field:ident: $sql_type:ty = $rust:ty),*) => {
        impl<$($key: Key),*> QueryId for $type<$($key),*> {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<$($key,)* DB> QueryFragment<DB> for $type<$($key),*>
        where
            DB: Dialect + HasSqlType<Bool>,
            $($key: Key + ToSql<$key::SqlType, DB>, DB: HasSqlType<$key::SqlType>,)*
            String: ToSql<Text, DB>,
            bool: ToSql<Bool, DB>,
            i32: ToSql<Integer, DB>,
            Option<i32>: ToSql<Nullable<Integer>, DB>,
            i64: ToSql<BigInt, DB>,
            Option<i64>: ToSql<Nullable<BigInt>, DB>,
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                audit::identity(&mut out);
                let mut separator = $sql;
                $(
                    out.push_sql(separator);
                    out.push_bind_param::<$sql_type, $rust>(&self.$field)?;
                    separator = ", ";
                )*
                let _ = separator;
                out.push_sql(")");
                Ok(())
            }
        }
    };
}

insert!(NewUser<U>: "INSERT INTO users (id, username, is_active, is_superuser) VALUES (",
    id: U::SqlType = U, username: Text = String, is_active: Bool = bool, is_superuser: Bool = bool);
insert!(NewOrganization<K>: "INSERT INTO organizations (id, name, slug, is_active) VALUES (",
    id: K::SqlType = K, name: Text = String, slug: Text = String, is_active: Bool = bool);
/// Adds a user.
///
/// # Errors
/// What the database reports, for instance a key or name that is taken.
pub fn add_user<'c, U, C, A>(user: NewUser<U>, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<NewUser<U>>: Execute<'static, C, A>,
{
    A::map(Command(user).execute(conn), |done| done.map(|_| ()))
}

/// Adds an organization.
///
/// # Errors
/// As [`add_user`].
pub fn add_organization<'c, K, C, A>(
    organization: NewOrganization<K>,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    K: Key,
    C: Answers<A>,
    A: Kind,
    Command<NewOrganization<K>>: Execute<'static, C, A>,
{
    A::map(Command(organization).execute(conn), |done| done.map(|_| ()))
}

/// A statement that adds a row which no other code has to name, and the function that runs it.
macro_rules! adder {
    (
        $(#[$doc:meta])*
        $add:ident($($argument:ident: $ty:ty),*) as $row:ident<$($key:ident),*>: $sql:literal,
        $($field:ident: $sql_type:ty = $rust:ty = $value:expr),*
    ) => {
        #[doc = concat!("The statement of [`", stringify!($add), "`].")]
        #[derive(Clone, Debug)]
        pub struct $row<$($key),*> {
            $($field: $rust,)*
        }

        insert!($row<$($key),*>: $sql, $($field: $sql_type = $rust),*);

        $(#[$doc])*
        pub fn $add<'c, $($key,)* C, A>($($argument: $ty,)* conn: &'c mut C) -> A::Answer<'c, ()>
        where
            $($key: Key,)*
            C: Answers<A>,
            A: Kind,
            Command<$row<$($key),*>>: Execute<'static, C, A>,
        {
            let insert = $row { $($field: $value,)* };
            A::map(Command(insert).execute(conn), |done| done.map(|_| ()))
        }
    };
}

adder! {
    /// Adds a membership with exactly this role, for seeds and tests; [`join_organization`](super::join_organization) makes the first
    /// manager of an organization its owner.
    ///
    /// # Errors
    /// What the database reports, for instance a second owner.
    add_membership(user: U, organization: K, role: Role) as NewMembership<U, K>:
        "INSERT INTO memberships (user_id, organization_id, role) VALUES (",
    user: U::SqlType = U = user, organization: K::SqlType = K = organization, role: Integer = i32 = role.code()
}

adder! {
    /// Adds a group.
    ///
    /// # Errors
    /// What the database reports, for instance a second root group.
    add_group(group: Group) as NewGroup<>: "INSERT INTO access_groups (id, name, kind) VALUES (",
    id: Integer = i32 = group.id, name: Text = String = group.name,
    kind: Nullable<Integer> = Option<i32> = group.kind.map(|kind| kind.code())
}

adder! {
    /// Puts a user into a group.
    ///
    /// # Errors
    /// What the database reports.
    add_group_member(user: U, group: i32) as NewGroupMember<U>:
        "INSERT INTO group_members (user_id, group_id) VALUES (",
    user: U::SqlType = U = user, group: Integer = i32 = group
}

adder! {
    /// Gives a user a permission (`app.codename`).
    ///
    /// # Errors
    /// What the database reports.
    add_user_permission(user: U, codename: impl Into<String>) as NewUserPermission<U>:
        "INSERT INTO user_permissions (user_id, codename) VALUES (",
    user: U::SqlType = U = user, codename: Text = String = codename.into()
}

adder! {
    /// Gives everybody in a group a permission (`app.codename`).
    ///
    /// # Errors
    /// What the database reports.
    add_group_permission(group: i32, codename: impl Into<String>) as NewGroupPermission<>:
        "INSERT INTO group_permissions (group_id, codename) VALUES (",
    group: Integer = i32 = group, codename: Text = String = codename.into()
}

adder! {
    /// Adds a subscription from one time to another, in Unix seconds; the end is exclusive, `None` for no end.
    ///
    /// # Errors
    /// What the database reports.
    add_subscription(user: U, starts_at: i64, ends_at: Option<i64>) as NewSubscription<U>:
        "INSERT INTO subscriptions (user_id, starts_at, ends_at) VALUES (",
    user: U::SqlType = U = user, starts_at: BigInt = i64 = starts_at, ends_at: Nullable<BigInt> = Option<i64> = ends_at
}
