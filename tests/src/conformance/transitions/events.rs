//! What happens to the acting user.

use orgscope::AnyConnection;
use orgscope::facts::Facts;
use orgscope::identity::principal;
use orgscope::identity::{
    NewOrganization, NewUser, add_membership, add_organization, add_user, add_user_permission,
    join_organization, leave_organization, set_manager, set_organization_active, set_password,
    set_superuser, set_user_active, transfer_ownership,
};
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope::transaction::Transaction;
use serde_json::{Value, json};

use crate::conformance::{ACTING, Identity};
use crate::world::rows::World;
use crate::world::{Key, Principal, key, quoted};
use orgscope_suite::databases::{Fresh, unscoped};

/// The keys of what events bring: an organization, and a user.
const NEW: Key = key(900);
const ANOTHER: Key = key(50);

pub(super) struct Events<'a> {
    rows: &'a World,
    identity: Identity,
    conn: AnyConnection,
    /// Whole tables are changed by statements, and not records by functions.
    in_bulk: bool,
    in_transaction: bool,
    refused: bool,
}

impl<'a> Events<'a> {
    pub(super) async fn new(
        fresh: &'a Fresh,
        identity: Identity,
        rows: &'a World,
        given: &Value,
    ) -> Self {
        let mut conn = fresh.pool.connection().await.expect("a connection");
        let sql = format!(
            "DELETE FROM memberships WHERE organization_id = {new}; DELETE FROM organizations WHERE id = {new};",
            new = quoted(NEW)
        );
        conn.batch_execute(&unscoped(&sql)).await.expect("tables");
        let events = given["events"].as_array().into_iter().flatten();
        let in_transaction = events
            .filter_map(Value::as_str)
            .any(|event| event.starts_with("transaction"));
        if in_transaction {
            conn.begin().await.expect("a transaction");
        }
        Events {
            rows,
            identity,
            conn,
            in_bulk: given["write_path"]
                .as_str()
                .is_some_and(|path| path.starts_with("bulk")),
            in_transaction,
            refused: false,
        }
    }

    /// The organization that an event names, else the new one.
    fn organization(&self, event: &str) -> Key {
        let mut named = self.rows.organizations().filter(|(name, _)| {
            event
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|word| word == name.as_str())
        });
        named.next().map_or(NEW, |(_, key)| key)
    }

    pub(super) async fn happen(&mut self, event: &str) {
        let done = match self.in_bulk {
            true => self.in_bulk(event).await,
            false => self.tracked(event).await,
        };
        // What was refused has changed nothing, and a transaction may have been given up.
        let done = match done {
            Ok(()) => self.identity.settle(&mut self.conn).await,
            refused => refused,
        };
        self.refused |= done.is_err();
    }

    /// By the functions for it.
    async fn tracked(&mut self, event: &str) -> Result<(), Error> {
        let organization = self.organization(event);
        let conn = &mut self.conn;
        let is = |part: &str| event.contains(part);
        match event {
            "transaction rolled back" => {
                self.in_transaction = false;
                conn.roll_back().await
            }
            "transaction committed" => {
                self.in_transaction = false;
                conn.commit().await
            }
            "organization created" => {
                let organization = NewOrganization {
                    id: NEW,
                    name: "new".into(),
                    slug: "new".into(),
                    is_active: true,
                };
                add_organization(organization, conn).await
            }
            _ if is("pointed at this user's membership in") => self.in_bulk(event).await,
            _ if is("another user added") => {
                another(conn).await?;
                let role = if is("manager") {
                    Role::Manager
                } else {
                    Role::Member
                };
                join_organization(ANOTHER, organization, role, conn).await
            }
            _ if is("given to another manager") => {
                another(conn).await?;
                add_membership(ANOTHER, organization, Role::Manager, conn).await?;
                transfer_ownership(organization, ANOTHER, conn).await
            }
            _ if is("given to this user") => transfer_ownership(organization, ACTING, conn).await,
            _ if is("membership") && is("removed") => {
                leave_organization(ACTING, organization, conn).await
            }
            _ if is("manager membership") || is("added as manager") => {
                join_organization(ACTING, organization, Role::Manager, conn).await
            }
            _ if is("membership") || is("added as") => {
                join_organization(ACTING, organization, Role::Member, conn).await
            }
            _ if is("manager flag") => {
                set_manager(ACTING, organization, !is("cleared"), conn).await
            }
            _ if is("organization") && is("disabled") => {
                set_organization_active(organization, false, conn).await
            }
            _ if is("organization") && is("enabled") => {
                set_organization_active(organization, true, conn).await
            }
            _ if is("superuser flag") => set_superuser(ACTING, !is("cleared"), conn).await,
            _ if is("deactivated") => set_user_active(ACTING, false, conn).await,
            _ if is("activated") => set_user_active(ACTING, true, conn).await,
            _ if is("password changed") => set_password(ACTING, "!".into(), conn).await,
            _ if is("permission granted") => {
                let codename = codename(event);
                add_user_permission(ACTING, codename, conn).await
            }
            _ if is("permission revoked") => self.in_bulk(event).await,
            // Not to be mistaken for something that did not change anything.
            _ => unknown(event),
        }
    }

    /// By statements, as they are written elsewhere.
    async fn in_bulk(&mut self, event: &str) -> Result<(), Error> {
        let organization = quoted(self.organization(event));
        let acting = quoted(ACTING);
        let is = |part: &str| event.contains(part);
        let mine = format!("WHERE user_id = {acting} AND organization_id = {organization}");
        let sql = if is("pointed at this user's membership in") {
            let (_, other) = event.rsplit_once(' ').expect("an organization");
            let other = quoted(self.organization(other));
            format!(
                "UPDATE memberships SET organization_id = {organization}, role = 3 WHERE user_id = {acting} AND organization_id = {other}"
            )
        } else if is("membership") && is("removed") {
            format!("DELETE FROM memberships {mine}")
        } else if is("manager flag") && is("cleared") {
            format!("UPDATE memberships SET role = 1 {mine} AND role = 2")
        } else if is("manager flag") {
            format!("UPDATE memberships SET role = 2 {mine} AND role = 1")
        } else if is("membership") {
            let role = if is("manager") { 2 } else { 1 };
            format!(
                "INSERT INTO memberships (user_id, organization_id, role) VALUES ({acting}, {organization}, {role})"
            )
        } else if is("organization") && (is("disabled") || is("enabled")) {
            format!(
                "UPDATE organizations SET is_active = {} WHERE id = {organization}",
                is("enabled")
            )
        } else if is("superuser flag") {
            format!(
                "UPDATE users SET is_superuser = {} WHERE id = {acting}",
                !is("cleared")
            )
        } else if is("activated") {
            format!(
                "UPDATE users SET is_active = {} WHERE id = {acting}",
                !is("deactivated")
            )
        } else if is("permission revoked") {
            format!(
                "DELETE FROM user_permissions WHERE user_id = {acting} AND codename = '{}'",
                codename(event)
            )
        } else if is("permission granted") {
            format!(
                "INSERT INTO user_permissions (user_id, codename) VALUES ({acting}, '{}')",
                codename(event)
            )
        } else {
            return unknown(event);
        };
        self.conn.batch_execute(&unscoped(&sql)).await
    }

    pub(super) async fn end(&mut self) {
        assert!(!self.in_transaction, "the transaction ends with the events");
    }

    /// What came of them.
    pub(super) async fn result(&mut self, case: &Value) -> Value {
        let mut result = json!({});
        if self.refused {
            result["refused"] = true.into();
        }
        if case["expect"]["result"]
            .as_object()
            .is_some_and(|expected| expected.contains_key("owner"))
        {
            let acting = case["given"]["initial"]["user"].clone();
            let mut owner = Value::Null;
            for (user, name) in [(ACTING, acting), (ANOTHER, "another".into())] {
                let user: Option<Principal> = principal(user, Facts::MEMBERSHIPS, &mut self.conn)
                    .await
                    .expect("an answer");
                if user.and_then(|user| user.role_in(&NEW)) == Some(Role::Owner) {
                    owner = name;
                }
            }
            result["owner"] = owner;
        }
        result
    }
}

/// An event that nobody has told the replay of.
fn unknown(event: &str) -> Result<(), Error> {
    eprintln!("no event `{event}`");
    Err(Error::Conflict)
}

/// Adds another user.
async fn another(conn: &mut AnyConnection) -> Result<(), Error> {
    let user = NewUser {
        id: ANOTHER,
        username: "another".into(),
        is_active: true,
        is_superuser: false,
    };
    add_user(user, conn).await
}

/// The codename of the permission that an event names.
fn codename(event: &str) -> String {
    let verb = event.split(' ').next().expect("a verb");
    format!("{}.{verb}_template", env!("CARGO_PKG_NAME"))
}
