//! New tokens.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::text::{BearerToken, digest, token_digest};
use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::{Denied, Error};
use crate::fetch::{Command, Execute};
use crate::identity::{Narrowed, now};
use crate::key::{Key, UserId};

/// What a token is called, how long it lives, and what it may less than its user.
#[derive(Clone, Debug, Default)]
pub struct TokenOptions {
    /// What its user calls it.
    pub name: String,
    /// When it stops being accepted, in Unix seconds; `None` for never.
    pub expires_at: Option<i64>,
    /// What it may not.
    pub narrowed: Narrowed,
}

/// Issues a token for a user, who may have many. A handler that does so for its caller refuses callers with a lesser credential
/// ([`Principal::is_narrowed`](crate::Principal::is_narrowed)): they would be given a better one.
///
/// # Errors
/// What the database reports, and [`Error::Unavailable`] when the operating system has no randomness.
pub fn issue_token<'c, U, C, A>(
    user: U,
    options: TokenOptions,
    conn: &'c mut C,
) -> A::Answer<'c, BearerToken>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<InsertToken>: Execute<'static, C, A>,
{
    match InsertToken::new(user.user_id(), options) {
        Ok((insert, token)) => A::map(Command(insert).execute(conn), |done| done.map(|_| token)),
        Err(error) => A::ready(Err(error)),
    }
}

/// Takes a token over from another system, such as the `key` of Django's `authtoken_token`: it stays good, and is stored as its digest from now
/// on. The other system's copy is to be removed.
///
/// # Errors
/// [`Error::Conflict`] for a token that is stored already, [`Denied::NotFound`] for a text that cannot be a token; else what the database
/// reports.
pub fn import_token<'c, U, C, A>(
    user: U,
    token: &str,
    options: TokenOptions,
    conn: &'c mut C,
) -> A::Answer<'c, ()>
where
    U: Key,
    C: Answers<A>,
    A: Kind,
    Command<InsertToken>: Execute<'static, C, A>,
{
    match token_digest(token) {
        Some(digest) => {
            let insert = InsertToken::of(user.user_id(), digest, options);
            A::map(Command(insert).execute(conn), |done| done.map(|_| ()))
        }
        None => A::ready(Err(Error::Denied(Denied::NotFound))),
    }
}

/// The statement of [`issue_token`].
#[derive(Debug)]
pub struct InsertToken {
    user: UserId,
    digest: Vec<u8>,
    options: TokenOptions,
    narrowed: Option<String>,
    now: i64,
}

impl InsertToken {
    /// A new token, and the statement that stores its digest.
    pub(in crate::identity) fn new(
        user: UserId,
        options: TokenOptions,
    ) -> Result<(InsertToken, BearerToken), Error> {
        let token = BearerToken::generate()?;
        Ok((
            InsertToken::of(user, digest(token.reveal()), options),
            token,
        ))
    }

    fn of(user: UserId, digest: Vec<u8>, options: TokenOptions) -> InsertToken {
        InsertToken {
            user,
            digest,
            narrowed: options.narrowed.stored(),
            options,
            now: now(),
        }
    }
}

impl QueryId for InsertToken {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for InsertToken
where
    Vec<u8>: ToSql<Binary, DB>,
    i64: ToSql<BigInt, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        out.push_sql(
            "INSERT INTO tokens (user_id, digest, name, created_at, expires_at, narrowed) VALUES (",
        );
        DB::user(&self.user, out.reborrow())?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, Vec<u8>>(&self.digest)?;
        out.push_sql(", ");
        DB::text(&self.options.name, out.reborrow())?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, i64>(&self.now)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, Option<i64>>(&self.options.expires_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, Option<String>>(&self.narrowed)?;
        out.push_sql(")");
        Ok(())
    }
}
