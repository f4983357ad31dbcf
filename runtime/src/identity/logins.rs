//! Whom a login names, and what a login changes.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::account::LoginCandidate;
use super::layout::{Layout, Tables};
use super::links::{LinkChange, revoke_links};
use super::lookup::active;
use super::now;
use super::tokens::{TokenChange, revoke_tokens};
use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fetch::{Command, Execute};
use crate::key::{Key, UserId};
use crate::transaction::{Transaction, finish};

/// The users whom an identifier names: by the username, letter by letter, or by the e-mail address, in any case.
#[derive(Debug)]
pub struct ByLogin<T> {
    identifier: String,
    lowercase: String,
    now: i64,
    tables: PhantomData<fn() -> T>,
}

/// `(user, by the username, password, active)`
pub type LoginRow<U> = (U, bool, Option<String>, bool);

impl<T: Tables> ByLogin<T> {
    /// The users whom an identifier names.
    pub fn new(identifier: &str) -> Self {
        ByLogin {
            identifier: identifier.to_owned(),
            lowercase: identifier.to_lowercase(),
            now: now(),
            tables: PhantomData,
        }
    }

    /// The user with the username, or the only one with the e-mail address.
    pub fn choose(rows: Vec<LoginRow<T::User>>) -> Option<LoginCandidate> {
        let only = rows.len() == 1;
        let (user, _, password, is_active) = rows
            .into_iter()
            .find(|(_, by_username, ..)| *by_username || only)?;
        Some(LoginCandidate {
            user: user.user_id(),
            password: password.map(Into::into),
            is_active,
        })
    }
}

impl<T: Tables> Query for ByLogin<T> {
    type SqlType = (<T::User as Key>::SqlType, Bool, Nullable<Text>, Bool);
}

impl<T, C> RunQueryDsl<C> for ByLogin<T> {}

impl<T: Tables> QueryId for ByLogin<T> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<T: Tables, DB: Dialect> QueryFragment<DB> for ByLogin<T>
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        let username = format!("u.username{} = ", DB::LETTER_BY_LETTER);
        out.push_sql("SELECT u.id, (CASE WHEN ");
        out.push_sql(&username);
        DB::text(&self.identifier, out.reborrow())?;
        out.push_sql(" THEN TRUE ELSE FALSE END), u.password, (CASE WHEN ");
        active(&self.now, &mut out)?;
        Layout::of::<T>().push(
            " THEN TRUE ELSE FALSE END) FROM {users} AS u WHERE ",
            &mut out,
        )?;
        out.push_sql(&username);
        DB::text(&self.identifier, out.reborrow())?;
        out.push_sql(&format!(" OR LOWER(u.email){} = ", DB::LETTER_BY_LETTER));
        DB::text(&self.lowercase, out.reborrow())?;
        // What a database does not know of capital letters, the address as it is stored may say.
        out.push_sql(&format!(" OR u.email{} = ", DB::LETTER_BY_LETTER));
        DB::text(&self.identifier, out)
    }
}

/// A change of a user.
pub struct UserChange {
    layout: &'static Layout,
    user: UserId,
    to: To,
}

impl std::fmt::Debug for UserChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserChange")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

enum To {
    /// Logged in now, having logged in at this time before, or never, or whenever.
    LoggedIn {
        micros: i64,
        before: Option<Option<i64>>,
    },
    /// The same password under another hash, if it has not changed since.
    Rehashed {
        hash: String,
        before: String,
    },
    Password {
        hash: String,
        now: i64,
    },
    Email(Option<String>),
}

impl UserChange {
    /// A login at a time in Unix microseconds; with `before`, only if the last login is still that.
    pub(super) fn logged_in(
        layout: &'static Layout,
        user: UserId,
        micros: i64,
        before: Option<Option<i64>>,
    ) -> Self {
        let to = To::LoggedIn { micros, before };
        UserChange { layout, user, to }
    }

    /// Another hash of the same password, in place of this one.
    pub(super) fn rehashed(
        layout: &'static Layout,
        user: UserId,
        hash: String,
        before: String,
    ) -> Self {
        let to = To::Rehashed { hash, before };
        UserChange { layout, user, to }
    }
}

impl QueryId for UserChange {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for UserChange
where
    i64: ToSql<BigInt, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        let stored = self.layout.accounts();
        out.push_sql("UPDATE ");
        stored.table(&mut out)?;
        out.push_sql(" SET ");
        match &self.to {
            To::LoggedIn { micros, .. } => stored.last_login()?.set(micros, &mut out)?,
            To::Rehashed { hash, .. } => {
                stored.password(&mut out)?;
                out.push_sql(" = ");
                DB::text(hash, out.reborrow())?;
            }
            To::Password { hash, now } => {
                out.push_sql("password = ");
                DB::text(hash, out.reborrow())?;
                out.push_sql(", password_changed_at = ");
                out.push_bind_param::<BigInt, i64>(now)?;
            }
            To::Email(email) => {
                out.push_sql("email = ");
                out.push_bind_param::<Nullable<Text>, Option<String>>(email)?;
            }
        }
        out.push_sql(" WHERE ");
        stored.id(&mut out)?;
        out.push_sql(" = ");
        DB::user(&self.user, out.reborrow())?;
        match &self.to {
            To::LoggedIn {
                before: Some(before),
                ..
            } => {
                out.push_sql(" AND ");
                stored.last_login()?.micros(None, &mut out)?;
                match before {
                    Some(before) => {
                        out.push_sql(" = ");
                        out.push_bind_param::<BigInt, i64>(before)?;
                    }
                    None => out.push_sql(" IS NULL"),
                }
            }
            To::Rehashed { before, .. } => {
                out.push_sql(" AND ");
                stored.password(&mut out)?;
                out.push_sql(" = ");
                DB::text(before, out.reborrow())?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Sets the password of a user, hashed by `password::hash`. Bearer tokens and login links of the user are revoked, and sessions end.
///
/// # Errors
/// What the database reports.
pub fn set_password<'c, U, C, A>(user: U, hash: String, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A> + Transaction<A> + Send,
    A: Kind,
    Command<UserChange>: Execute<'static, C, A>,
    Command<TokenChange>: Execute<'static, C, A>,
    Command<LinkChange>: Execute<'static, C, A>,
{
    A::in_turn(async move {
        A::wait(conn.begin()).await?;
        let to = To::Password { hash, now: now() };
        let done = async {
            A::wait(change(user.clone(), to, &mut *conn)).await?;
            // Those of this very second are not older than the password.
            A::wait(revoke_links(user.clone(), &mut *conn)).await?;
            A::wait(revoke_tokens(user, &mut *conn)).await
        };
        let done = done.await;
        finish(true, done.map(|_| ()), conn).await
    })
}

/// Sets the e-mail address of a user.
///
/// # Errors
/// What the database reports.
pub fn set_email<'c, U, C, A>(user: U, email: Option<String>, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<UserChange>: Execute<'static, C, A>,
{
    change(user, To::Email(email), conn)
}

fn change<'c, U, C, A>(user: U, to: To, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<UserChange>: Execute<'static, C, A>,
{
    let user = user.user_id();
    let layout = Layout::bundled();
    let changed = Command(UserChange { layout, user, to }).execute(conn);
    A::map(changed, |changed: Result<usize, Error>| changed.map(|_| ()))
}
