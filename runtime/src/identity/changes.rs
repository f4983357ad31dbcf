//! Changes of users, organizations and memberships. Whatever is changed holds from the next request on, because nothing is cached.
//!
//! An organization has at most one owner (SEMANTICS 1.4): its first manager becomes it, its membership cannot be removed, and
//! [`transfer_ownership`] makes another one.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;

use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fetch::{Command, Execute};
use crate::key::{Key, UserId};
use crate::role::Role;
use crate::transaction::{Transaction, finish};

/// The statement of a change: texts with keys and numbers between them.
#[derive(Debug)]
pub struct Change(Vec<Part>);

#[derive(Debug)]
enum Part {
    Sql(&'static str),
    Key(UserId),
}

impl QueryId for Change {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for Change {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        for part in &self.0 {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Key(key) => DB::user(key, out.reborrow())?,
            }
        }
        Ok(())
    }
}

/// Runs a change of one row.
fn change<'c, C, A>(parts: Vec<Part>, conn: &'c mut C) -> A::Answer<'c, ()>
where
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    A::map(Command(Change(parts)).execute(conn), |rows| match rows? {
        0 => Err(Error::Conflict),
        _ => Ok(()),
    })
}

/// Makes a user a member of an organization. The first manager of one without an owner becomes its owner.
///
/// # Errors
/// [`Error::Conflict`] for a user who is a member already, and for a second owner; else what the database reports.
pub fn join_organization<'c, U, K, C, A>(
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
    Command<Change>: Execute<'static, C, A>,
{
    let (user, organization) = (user.user_id(), organization.user_id());
    let becomes_owner = match role {
        Role::Manager => {
            "(CASE WHEN EXISTS (SELECT 1 FROM memberships AS m \
                          WHERE m.role = 3 AND m.organization_id = o.id) THEN 2 ELSE 3 END)"
        }
        Role::Member => "1",
        Role::Owner => "3",
    };
    let parts = vec![
        Part::Sql("INSERT INTO memberships (user_id, organization_id, role) SELECT u.id, o.id, "),
        Part::Sql(becomes_owner),
        Part::Sql(" FROM users AS u, organizations AS o WHERE u.id = "),
        Part::Key(user),
        Part::Sql(" AND o.id = "),
        Part::Key(organization),
    ];
    change(parts, conn)
}

/// Removes a user from an organization.
///
/// # Errors
/// [`Error::Conflict`] when the user is no member, or its owner; else what the database reports.
pub fn leave_organization<'c, U, K, C, A>(
    user: U,
    organization: K,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    U: Key,
    K: Key,
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    let parts = vec![
        Part::Sql("DELETE FROM memberships WHERE role <> 3 AND user_id = "),
        Part::Key(user.user_id()),
        Part::Sql(" AND organization_id = "),
        Part::Key(organization.user_id()),
    ];
    change(parts, conn)
}

/// Makes a member a manager, or a manager a member again. An owner stays one, and the first manager of an organization without one becomes
/// it. Nothing happens to users who are no members.
///
/// # Errors
/// What the database reports.
pub fn set_manager<'c, U, K, C, A>(
    user: U,
    organization: K,
    manages: bool,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    U: Key,
    K: Key,
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    let organization = organization.user_id();
    let mut parts = vec![Part::Sql(
        "UPDATE memberships SET role = (CASE WHEN role = 3 ",
    )];
    if manages {
        // Within a table of its own, because MySQL does not ask the table that it changes.
        parts.extend([
            Part::Sql("OR NOT EXISTS (SELECT 1 FROM (SELECT o.organization_id FROM memberships AS o WHERE o.role = 3) AS owned WHERE owned.organization_id = "),
            Part::Key(organization.clone()),
            Part::Sql(") THEN 3 ELSE 2"),
        ]);
    } else {
        parts.push(Part::Sql("THEN 3 ELSE 1"));
    }
    parts.extend([
        Part::Sql(" END) WHERE user_id = "),
        Part::Key(user.user_id()),
        Part::Sql(" AND organization_id = "),
        Part::Key(organization),
    ]);
    // MySQL counts the rows that changed, and it may be one already.
    A::map(Command(Change(parts)).execute(conn), |rows| {
        rows.map(|_| ())
    })
}

/// Makes another member the owner of an organization; the owner before stays a manager.
///
/// # Errors
/// [`Error::Conflict`] when the user is no member of this organization; else what the database reports.
pub fn transfer_ownership<'c, K, U, C, A>(
    organization: K,
    to: U,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    K: Key,
    U: Key,
    C: Answers<A> + Transaction<A> + Send,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    A::in_turn(async move {
        let (organization, to) = (organization.user_id(), to.user_id());
        let before = vec![
            Part::Sql("UPDATE memberships SET role = 2 WHERE role = 3 AND organization_id = "),
            Part::Key(organization.clone()),
        ];
        let after = vec![
            Part::Sql("UPDATE memberships SET role = 3 WHERE organization_id = "),
            Part::Key(organization),
            Part::Sql(" AND user_id = "),
            Part::Key(to),
        ];
        A::wait(conn.begin()).await?;
        let done = match A::wait(Command(Change(before)).execute(&mut *conn)).await {
            Ok(_) => A::wait(change(after, &mut *conn)).await,
            Err(error) => Err(error),
        };
        finish(true, done, conn).await
    })
}

/// Switches an organization on or off. In one that is off nobody has a role.
///
/// # Errors
/// What the database reports.
pub fn set_organization_active<'c, K, C, A>(
    organization: K,
    active: bool,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    K: Key,
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    let table = match active {
        true => "UPDATE organizations SET is_active = TRUE WHERE id = ",
        false => "UPDATE organizations SET is_active = FALSE WHERE id = ",
    };
    set(table, organization.user_id(), conn)
}

/// Switches a user on or off. One that is off is nobody.
///
/// # Errors
/// What the database reports.
pub fn set_user_active<'c, U, C, A>(user: U, active: bool, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    let table = match active {
        true => "UPDATE users SET is_active = TRUE WHERE id = ",
        false => "UPDATE users SET is_active = FALSE WHERE id = ",
    };
    set(table, user.user_id(), conn)
}

/// Makes a user a superuser, or an ordinary one.
///
/// # Errors
/// What the database reports.
pub fn set_superuser<'c, U, C, A>(user: U, superuser: bool, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    let table = match superuser {
        true => "UPDATE users SET is_superuser = TRUE WHERE id = ",
        false => "UPDATE users SET is_superuser = FALSE WHERE id = ",
    };
    set(table, user.user_id(), conn)
}

/// Runs an update of the row with a key; it may be so already.
fn set<'c, C, A>(update: &'static str, key: UserId, conn: &'c mut C) -> A::Answer<'c, ()>
where
    C: Answers<A>,
    A: Kind,
    Command<Change>: Execute<'static, C, A>,
{
    let change = Change(vec![Part::Sql(update), Part::Key(key)]);
    A::map(Command(change).execute(conn), |rows| rows.map(|_| ()))
}
