//! Login links: for one user, one purpose and one use, with their expiry in them. What is stored of one is a digest of its random id.

mod text;

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary};

pub use text::LoginLink;

use super::layout::{Bundled, Layout, Tables};
use super::lookup::active;
use super::now;
use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::key::{Key, UserId};
use crate::selection::Chosen;
use crate::signing::SigningKey;

/// What a link is for, and until when.
#[derive(Clone, Copy, Debug)]
pub struct LinkOptions<'a> {
    /// What it is for, in up to 50 letters: `login` for [`login::link_routes`](crate::axum::login).
    pub purpose: &'a str,
    /// How many seconds it is good.
    pub seconds: u32,
}

/// A statement about links.
#[derive(Debug)]
pub struct LinkChange(To);

#[derive(Debug)]
enum To {
    Issued {
        digest: Vec<u8>,
        user: UserId,
        purpose: String,
        now: i64,
        expires: i64,
    },
    Used {
        digest: Vec<u8>,
        purpose: String,
        now: i64,
    },
    Revoked(UserId),
}

impl QueryId for LinkChange {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for LinkChange
where
    i64: ToSql<BigInt, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        match &self.0 {
            To::Issued {
                digest,
                user,
                purpose,
                now,
                expires,
            } => {
                out.push_sql("INSERT INTO login_links (digest, user_id, purpose, created_at, expires_at) VALUES (");
                out.push_bind_param::<Binary, Vec<u8>>(digest)?;
                out.push_sql(", ");
                DB::user(user, out.reborrow())?;
                out.push_sql(", ");
                DB::text(purpose, out.reborrow())?;
                for time in [now, expires] {
                    out.push_sql(", ");
                    out.push_bind_param::<BigInt, i64>(time)?;
                }
                out.push_sql(")");
            }
            To::Used {
                digest,
                purpose,
                now,
            } => {
                out.push_sql("UPDATE login_links SET used_at = ");
                out.push_bind_param::<BigInt, i64>(now)?;
                out.push_sql(" WHERE used_at IS NULL AND digest = ");
                out.push_bind_param::<Binary, Vec<u8>>(digest)?;
                out.push_sql(" AND purpose = ");
                DB::text(purpose, out.reborrow())?;
            }
            To::Revoked(user) => {
                out.push_sql("DELETE FROM login_links WHERE user_id = ");
                DB::user(user, out.reborrow())?;
            }
        }
        Ok(())
    }
}

/// The user of a link, if it is active and the link is not older than its password.
#[derive(Debug)]
pub struct UserOfLink<T> {
    digest: Vec<u8>,
    now: i64,
    tables: PhantomData<fn() -> T>,
}

impl<T: Tables> Query for UserOfLink<T> {
    type SqlType = <T::User as Key>::SqlType;
}

impl<T, C> RunQueryDsl<C> for UserOfLink<T> {}

impl<T: Tables> QueryId for UserOfLink<T> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<T: Tables, DB: Dialect> QueryFragment<DB> for UserOfLink<T>
where
    i64: ToSql<BigInt, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        Layout::of::<T>().push(
            "SELECT u.id FROM login_links AS l INNER JOIN {users} AS u ON u.id = l.user_id \
             WHERE (u.password_changed_at IS NULL OR l.created_at >= u.password_changed_at) AND ",
            &mut out,
        )?;
        active(&self.now, &mut out)?;
        out.push_sql(" AND l.digest = ");
        out.push_bind_param::<Binary, Vec<u8>>(&self.digest)
    }
}

/// Issues a link for a user, signed with the key of the service ([`Tenancy::signing_key`](crate::axum::Tenancy::signing_key)).
///
/// # Errors
/// What the database reports, and [`Error::Unavailable`] when the operating system has no randomness.
pub fn issue_link<'c, U, C, A>(
    user: U,
    options: LinkOptions<'_>,
    key: &SigningKey,
    conn: &'c mut C,
) -> A::Answer<'c, LoginLink>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<LinkChange>: Execute<'static, C, A>,
{
    match LinkChange::issued(user.user_id(), options, key) {
        Ok((insert, link)) => A::map(Command(insert).execute(conn), |done| done.map(|_| link)),
        Err(error) => A::ready(Err(error)),
    }
}

impl LinkChange {
    /// A new link, and the statement that stores its digest.
    pub(super) fn issued(
        user: UserId,
        options: LinkOptions<'_>,
        key: &SigningKey,
    ) -> Result<(LinkChange, LoginLink), Error> {
        let now = now();
        let expires = now + i64::from(options.seconds);
        let (link, digest) = LoginLink::generate(options.purpose, expires, key)?;
        let insert = LinkChange(To::Issued {
            digest,
            user,
            purpose: options.purpose.to_owned(),
            now,
            expires,
        });
        Ok((insert, link))
    }
}

/// Uses a link: its user, if it was issued for this purpose and not used, revoked or expired. Of two who present it, one gets the user.
///
/// # Errors
/// What the database reports.
pub fn use_link<'c, U, C, A>(
    text: &str,
    purpose: &str,
    key: &SigningKey,
    conn: &'c mut C,
) -> A::Answer<'c, Option<U>>
where
    U: Key,
    C: Answers<A> + Send,
    A: Kind,
    Command<LinkChange>: Execute<'static, C, A>,
    Statement<UserOfLink<Bundled<U>>, Chosen>: Fetch<'static, C, A, U>,
{
    use_link_in::<Bundled<U>, C, A>(text, purpose, key, conn)
}

/// [`use_link`], whose user is in the tables `T`.
///
/// # Errors
/// What the database reports.
pub fn use_link_in<'c, T, C, A>(
    text: &str,
    purpose: &str,
    key: &SigningKey,
    conn: &'c mut C,
) -> A::Answer<'c, Option<T::User>>
where
    T: Tables,
    C: Answers<A> + Send,
    A: Kind,
    Command<LinkChange>: Execute<'static, C, A>,
    Statement<UserOfLink<T>, Chosen>: Fetch<'static, C, A, T::User>,
{
    let now = now();
    let Some(digest) = text::read(text, purpose, key, now) else {
        return A::ready(Ok(None));
    };
    let used = LinkChange(To::Used {
        digest: digest.clone(),
        purpose: purpose.to_owned(),
        now,
    });
    A::in_turn(async move {
        if A::wait(Command(used).execute(&mut *conn)).await? == 0 {
            return Ok(None);
        }
        let tables = PhantomData;
        let query = UserOfLink::<T> {
            digest,
            now,
            tables,
        };
        let users = A::wait(Statement::own(query).fetch(conn)).await?;
        Ok(users.into_iter().next())
    })
}

/// Revokes all links of a user, and says how many there were.
///
/// # Errors
/// What the database reports.
pub fn revoke_links<'c, U, C, A>(user: U, conn: &'c mut C) -> A::Answer<'c, usize>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<LinkChange>: Execute<'static, C, A>,
{
    Command(LinkChange(To::Revoked(user.user_id()))).execute(conn)
}
