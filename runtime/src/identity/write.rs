//! Adding users, organizations and memberships: for seeds, tests and the administration of a service.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Integer, Text};

use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
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

/// A membership to be added: the statement of [`add_membership`].
#[derive(Clone, Debug)]
pub struct NewMembership<U, K> {
    user: U,
    organization: K,
    role: i32,
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
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
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
insert!(NewMembership<U, K>: "INSERT INTO memberships (user_id, organization_id, role) VALUES (",
    user: U::SqlType = U, organization: K::SqlType = K, role: Integer = i32);

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

/// Adds a membership.
///
/// # Errors
/// What the database reports, for instance a second owner.
pub fn add_membership<'c, U, K, C, A>(
    user: U,
    organization: K,
    role: Role,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    U: Key,
    K: Key,
    C: Answers<A>,
    A: Kind,
    Command<NewMembership<U, K>>: Execute<'static, C, A>,
{
    let role = role.code();
    let insert = NewMembership {
        user,
        organization,
        role,
    };
    A::map(Command(insert).execute(conn), |done| done.map(|_| ()))
}
