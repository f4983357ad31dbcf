//! Bearer tokens: 256 random bits, shown once, stored as a digest.

use std::fmt;

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType, Nullable, Text};
use sha2::{Digest, Sha256};

use super::now;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fetch::{Command, Execute};
use crate::key::Key;

/// A new bearer token. This is the only time that it can be read; its `Debug` form does not show it.
pub struct BearerToken(String);

impl BearerToken {
    fn generate() -> Result<BearerToken, Error> {
        let mut bits = [0_u8; 32];
        getrandom::fill(&mut bits).map_err(|error| Error::Unavailable(Box::new(error)))?;
        Ok(BearerToken(
            bits.iter().map(|byte| format!("{byte:02x}")).collect(),
        ))
    }

    /// The text that goes behind `Authorization: Bearer `: 64 hexadecimal digits.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

/// What is stored of a token.
pub(super) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What a token is called and how long it lives.
#[derive(Clone, Debug)]
pub struct TokenOptions {
    /// What its user calls it.
    pub name: String,
    /// When it stops being accepted, in Unix seconds; `None` for never.
    pub expires_at: Option<i64>,
}

/// Issues a token for a user, who may have many.
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
    Command<InsertToken<U>>: Execute<'static, C, A>,
{
    let token = match BearerToken::generate() {
        Ok(token) => token,
        Err(error) => return A::ready(Err(error)),
    };
    let insert = InsertToken {
        user,
        digest: digest(token.reveal()),
        options,
        now: now(),
    };
    A::map(Command(insert).execute(conn), |done| done.map(|_| token))
}

/// The statement of [`issue_token`].
#[derive(Debug)]
pub struct InsertToken<U> {
    user: U,
    digest: Vec<u8>,
    options: TokenOptions,
    now: i64,
}

impl<U: Key> QueryId for InsertToken<U> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<U, DB> QueryFragment<DB> for InsertToken<U>
where
    DB: Dialect + HasSqlType<U::SqlType>,
    U: Key + ToSql<U::SqlType, DB>,
    Vec<u8>: ToSql<Binary, DB>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO tokens (user_id, digest, name, created_at, expires_at) VALUES (");
        out.push_bind_param::<U::SqlType, U>(&self.user)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, Vec<u8>>(&self.digest)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, String>(&self.options.name)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, i64>(&self.now)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, Option<i64>>(&self.options.expires_at)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Writes when a token was last used, unless somebody has just done so.
#[derive(Debug)]
pub struct TouchToken {
    pub(super) token: i64,
    pub(super) now: i64,
    /// What was written after that is recent.
    pub(super) recent: i64,
}

impl QueryId for TouchToken {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB: Dialect> QueryFragment<DB> for TouchToken
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE tokens SET last_used_at = ");
        out.push_bind_param::<BigInt, i64>(&self.now)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<BigInt, i64>(&self.token)?;
        out.push_sql(" AND (last_used_at IS NULL OR last_used_at <= ");
        out.push_bind_param::<BigInt, i64>(&self.recent)?;
        out.push_sql(")");
        Ok(())
    }
}
