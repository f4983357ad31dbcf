//! The tokens of a user: listed, renamed, rotated, revoked.

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use serde::Serialize;

use super::text::{BearerToken, digest};
use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::{Denied, Error};
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::identity::layout::{Bundled, Layout, Tables};
use crate::identity::now;
use crate::key::{Key, UserId};
use crate::selection::Chosen;
use crate::transaction::{Transaction, finish};

/// A token, as its user may see it. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenInfo {
    /// The key of the token, by which it is renamed, rotated and revoked.
    pub id: i64,
    /// What its user calls it.
    pub name: String,
    /// When it was issued.
    pub created_at: i64,
    /// When it stops being accepted; `None` for never.
    pub expires_at: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

/// The statement of [`list_tokens`].
#[derive(Debug)]
pub struct ListTokens(UserId);

/// `(id, name, created, expires, last used)`
type TokenRow = (i64, String, i64, Option<i64>, Option<i64>);

impl Query for ListTokens {
    type SqlType = (BigInt, Text, BigInt, Nullable<BigInt>, Nullable<BigInt>);
}

impl<C> RunQueryDsl<C> for ListTokens {}

impl QueryId for ListTokens {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for ListTokens {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        out.push_sql(
            "SELECT id, name, created_at, expires_at, last_used_at FROM tokens WHERE user_id = ",
        );
        DB::user(&self.0, out.reborrow())?;
        out.push_sql(" ORDER BY id");
        Ok(())
    }
}

/// Lists the tokens of a user, the oldest first, expired ones included.
///
/// # Errors
/// What the database reports.
pub fn list_tokens<'c, U, C, A>(user: U, conn: &'c mut C) -> A::Answer<'c, Vec<TokenInfo>>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Statement<ListTokens, Chosen>: Fetch<'static, C, A, TokenRow>,
{
    let rows = Statement::own(ListTokens(user.user_id())).fetch(conn);
    A::map(rows, |rows| {
        let info = |(id, name, created_at, expires_at, last_used_at)| TokenInfo {
            id,
            name,
            created_at,
            expires_at,
            last_used_at,
        };
        Ok(rows?.into_iter().map(info).collect())
    })
}

/// A change of the tokens of a user.
#[derive(Debug)]
pub struct TokenChange {
    layout: &'static Layout,
    user: UserId,
    /// Which token; `None` for all.
    token: Option<i64>,
    to: To,
}

#[derive(Debug)]
enum To {
    Named(String),
    Revoked,
    /// Copied under another digest.
    Successor {
        digest: Vec<u8>,
        now: i64,
    },
    /// Accepted until then, if not already refused before.
    Until(i64),
}

impl QueryId for TokenChange {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for TokenChange
where
    i64: ToSql<BigInt, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        match &self.to {
            To::Named(name) => {
                out.push_sql("UPDATE tokens SET name = ");
                DB::text(name, out.reborrow())?;
            }
            To::Revoked => out.push_sql("DELETE FROM tokens"),
            To::Successor { digest, now } => {
                out.push_sql(
                    "INSERT INTO tokens (user_id, name, expires_at, narrowed, digest, created_at) \
                     SELECT user_id, name, expires_at, narrowed, ",
                );
                out.push_bind_param::<Binary, Vec<u8>>(digest)?;
                out.push_sql(", ");
                out.push_bind_param::<BigInt, i64>(now)?;
                out.push_sql(" FROM tokens");
            }
            To::Until(until) => {
                out.push_sql("UPDATE tokens SET expires_at = ");
                out.push_bind_param::<BigInt, i64>(until)?;
            }
        }
        out.push_sql(" WHERE user_id = ");
        DB::user(&self.user, out.reborrow())?;
        if let Some(token) = &self.token {
            out.push_sql(" AND id = ");
            out.push_bind_param::<BigInt, i64>(token)?;
        }
        let not_before = match &self.to {
            To::Until(until) => Some(until),
            To::Successor { now, .. } => Some(now),
            To::Named(_) | To::Revoked => None,
        };
        if let Some(time) = not_before {
            out.push_sql(" AND (expires_at IS NULL OR expires_at > ");
            out.push_bind_param::<BigInt, i64>(time)?;
            self.layout.push(
                ") AND created_at >= COALESCE((SELECT u.password_changed_at FROM {users} AS u \
                 WHERE u.id = tokens.user_id), 0)",
                &mut out,
            )?;
        }
        Ok(())
    }
}

impl TokenChange {
    fn of(user: UserId, token: Option<i64>, to: To) -> TokenChange {
        TokenChange {
            layout: Layout::bundled(),
            user,
            token,
            to,
        }
    }
}

/// Runs a change of one token.
fn change<'c, C, A>(change: TokenChange, conn: &'c mut C) -> A::Answer<'c, ()>
where
    C: Answers<A>,
    A: Kind,
    Command<TokenChange>: Execute<'static, C, A>,
{
    A::map(Command(change).execute(conn), |changed| match changed? {
        0 => Err(Error::Denied(Denied::NotFound)),
        _ => Ok(()),
    })
}

/// Gives a token of a user another name.
///
/// # Errors
/// [`Denied::NotFound`] when the user has no such token; else what the database reports.
pub fn rename_token<'c, U, C, A>(
    user: U,
    token: i64,
    name: impl Into<String>,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<TokenChange>: Execute<'static, C, A>,
{
    let to = To::Named(name.into());
    change(TokenChange::of(user.user_id(), Some(token), to), conn)
}

/// Revokes a token of a user: it is refused from now on.
///
/// # Errors
/// As [`rename_token`].
pub fn revoke_token<'c, U, C, A>(user: U, token: i64, conn: &'c mut C) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<TokenChange>: Execute<'static, C, A>,
{
    change(
        TokenChange::of(user.user_id(), Some(token), To::Revoked),
        conn,
    )
}

/// Revokes all tokens of a user, and says how many there were.
///
/// # Errors
/// What the database reports.
pub fn revoke_tokens<'c, U, C, A>(user: U, conn: &'c mut C) -> A::Answer<'c, usize>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<TokenChange>: Execute<'static, C, A>,
{
    Command(TokenChange::of(user.user_id(), None, To::Revoked)).execute(conn)
}

/// Issues a successor of a token, with its name, its expiry and what it may not. The old one is accepted for so many seconds more.
///
/// # Errors
/// As [`rename_token`]; expired tokens have no successors. [`Error::Unavailable`] when the operating system has no randomness.
pub fn rotate_token<'c, U, C, A>(
    user: U,
    token: i64,
    grace: u32,
    conn: &'c mut C,
) -> A::Answer<'c, BearerToken>
where
    U: Key,
    C: Answers<A> + Transaction<A> + Send,
    A: Kind,
    Command<TokenChange>: Execute<'static, C, A>,
{
    rotate_token_in::<Bundled<U>, C, A>(user, token, grace, conn)
}

/// [`rotate_token`], whose user is in the tables `T`.
///
/// # Errors
/// As [`rotate_token`].
pub fn rotate_token_in<'c, T, C, A>(
    user: T::User,
    token: i64,
    grace: u32,
    conn: &'c mut C,
) -> A::Answer<'c, BearerToken>
where
    T: Tables,
    C: Answers<A> + Transaction<A> + Send,
    A: Kind,
    Command<TokenChange>: Execute<'static, C, A>,
{
    A::in_turn(async move {
        let (user, now, successor) = (user.user_id(), now(), BearerToken::generate()?);
        let digest = digest(successor.reveal());
        let step = |to| TokenChange {
            layout: Layout::of::<T>(),
            ..TokenChange::of(user.clone(), Some(token), to)
        };
        A::wait(conn.begin()).await?;
        let copied = change(step(To::Successor { digest, now }), &mut *conn);
        let done = match A::wait(copied).await {
            // It may expire before anyway.
            Ok(()) => {
                let until = To::Until(now + i64::from(grace));
                A::wait(Command(step(until)).execute(&mut *conn)).await
            }
            Err(error) => Err(error),
        };
        finish(true, done.map(|_| successor), conn).await
    })
}
