//! The table of memberships, and who says which role they have.

use std::marker::PhantomData;

use diesel::expression::Expression;
use diesel::query_builder::AstPass;
use diesel::query_source::Column;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer, Text};

use super::view::{ColumnOf, NamedOnce, Table, View, column};
use crate::dialect::{Database, Dialect};
use crate::key::Key;

/// The table of memberships `T` of a service. No user has two in one organization.
#[derive(Debug)]
pub struct Memberships<U, K, T> {
    roles: Roles,
    keys: PhantomData<fn() -> (U, K)>,
    table: PhantomData<fn() -> T>,
}

/// The memberships with their roles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roles {
    table: Table,
    user: &'static str,
    organization: &'static str,
    role: Role,
    owners: Option<Owners>,
}

#[derive(Clone, Copy, Debug)]
enum Role {
    /// 1, 2 or 3.
    Code(&'static str),
    /// Whether it is a manager's.
    Flag(&'static str),
    /// The names of the three.
    Name(&'static str, [&'static str; 3]),
}

/// The table of those memberships whose users own the organization.
#[derive(Clone, Copy, Debug)]
struct Owners {
    table: Table,
    membership: &'static str,
    key: &'static str,
}

impl<U: Key, K: Key, T: NamedOnce> Memberships<U, K, T> {
    const fn of<User, Organization>(user: User, organization: Organization, role: Role) -> Self
    where
        User: Column<Table = T> + Expression<SqlType = U::SqlType> + Copy,
        Organization: ColumnOf<T, K::SqlType>,
    {
        let _ = organization;
        Memberships {
            roles: Roles {
                table: Table::of(user),
                user: User::NAME,
                organization: Organization::COLUMN,
                role,
                owners: None,
            },
            keys: PhantomData,
            table: PhantomData,
        }
    }

    /// The table with these columns; the role is 1 (member), 2 (manager) or 3 (owner); another number is no
    /// membership.
    pub const fn by_code<User, Organization, Code>(
        user: User,
        organization: Organization,
        role: Code,
    ) -> Self
    where
        User: Column<Table = T> + Expression<SqlType = U::SqlType> + Copy,
        Organization: ColumnOf<T, K::SqlType>,
        Code: ColumnOf<T, Integer>,
    {
        let _ = role;
        Self::of(user, organization, Role::Code(Code::COLUMN))
    }

    /// The table with these columns; the role is one of the names of member, manager and owner. Another name is no membership.
    pub const fn by_name<User, Organization, Name>(
        user: User,
        organization: Organization,
        role: Name,
        names: [&'static str; 3],
    ) -> Self
    where
        User: Column<Table = T> + Expression<SqlType = U::SqlType> + Copy,
        Organization: ColumnOf<T, K::SqlType>,
        Name: ColumnOf<T, Text>,
    {
        let _ = role;
        Self::of(user, organization, Role::Name(Name::COLUMN, names))
    }

    /// The table with these columns, of which one says whether it is a manager's.
    pub const fn by_flag<User, Organization, Flag>(
        user: User,
        organization: Organization,
        is_manager: Flag,
    ) -> Self
    where
        User: Column<Table = T> + Expression<SqlType = U::SqlType> + Copy,
        Organization: ColumnOf<T, K::SqlType>,
        Flag: ColumnOf<T, Bool>,
    {
        let _ = is_manager;
        Self::of(user, organization, Role::Flag(Flag::COLUMN))
    }

    /// The same table, where another one refers to the memberships of owners: `key` of a membership is in `membership` there.
    pub const fn owners<Id, Membership>(mut self, key: Id, membership: Membership) -> Self
    where
        Id: Column<Table = T> + Copy,
        Membership: Column<Table: NamedOnce> + Expression<SqlType = Id::SqlType> + Copy,
    {
        let _ = key;
        self.roles.owners = Some(Owners {
            table: Table::of(membership),
            membership: Membership::NAME,
            key: Id::NAME,
        });
        self
    }

    pub(super) const fn view(self) -> View {
        View::Roles(self.roles)
    }
}

impl Roles {
    pub(super) fn write<DB: Dialect>(
        &'static self,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        for (value, name) in [
            (self.user, " AS user_id, "),
            (self.organization, " AS organization_id, "),
        ] {
            column("orgscope_v", value, out)?;
            out.push_sql(name);
        }
        out.push_sql("CASE");
        if let Some(owners) = &self.owners {
            out.push_sql(" WHEN ");
            owners.holds(out)?;
            out.push_sql(" THEN 3");
        }
        match &self.role {
            Role::Code(role) => {
                out.push_sql(" WHEN ");
                column("orgscope_v", role, out)?;
                out.push_sql(" BETWEEN 1 AND 3 THEN ");
                column("orgscope_v", role, out)?;
                out.push_sql(" ELSE 0");
            }
            Role::Flag(flag) => {
                out.push_sql(" WHEN ");
                column("orgscope_v", flag, out)?;
                out.push_sql(" THEN 2 ELSE 1");
            }
            Role::Name(role, names) => {
                for (name, code) in names.iter().zip(1..) {
                    out.push_sql(" WHEN ");
                    column("orgscope_v", role, out)?;
                    out.push_sql(DB::LETTER_BY_LETTER);
                    out.push_sql(" = ");
                    DB::text(name, out.reborrow())?;
                    out.push_sql(&format!(" THEN {code}"));
                }
                // NULL would come before all others, or after them, as the database likes.
                out.push_sql(" ELSE 0");
            }
        }
        out.push_sql(" END AS role FROM ");
        self.table.write(out)?;
        out.push_sql(" AS orgscope_v");
        match &self.owners {
            Some(owners) if Owners::is_joined::<DB>() => owners.join(out),
            _ => Ok(()),
        }
    }
}

impl Owners {
    /// Whether the table is joined: MySQL merges no subselect that has others in its columns. PostgreSQL locks no table that is joined.
    fn is_joined<DB: Dialect>() -> bool {
        DB::DATABASE == Database::Mysql
    }

    fn join<DB: Dialect>(&'static self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        out.push_sql(" LEFT JOIN ");
        self.table.write(out)?;
        out.push_sql(" AS orgscope_w ON ");
        self.matches(out)
    }

    fn holds<DB: Dialect>(&'static self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        if Self::is_joined::<DB>() {
            column("orgscope_w", self.membership, out)?;
            out.push_sql(" IS NOT NULL");
            return Ok(());
        }
        out.push_sql("EXISTS (SELECT 1 FROM ");
        self.table.write(out)?;
        out.push_sql(" AS orgscope_w WHERE ");
        self.matches(out)?;
        out.push_sql(")");
        Ok(())
    }

    fn matches<DB: Dialect>(&'static self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        column("orgscope_w", self.membership, out)?;
        out.push_sql(" = ");
        column("orgscope_v", self.key, out)
    }
}
