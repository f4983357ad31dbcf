//! How a caller is found: by a bearer token, or by the key of its user.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType};

use crate::dialect::Dialect;
use crate::key::Key;

/// How the user is found.
pub trait Lookup<DB: Dialect>: Send {
    /// Writes `FROM … WHERE …`, with the user as `u` and the token, if there is one, as `t`. `joins` goes between.
    fn from<'b>(&'b self, joins: &str, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

/// By the digest of a bearer token that has not expired.
#[derive(Clone, Debug)]
pub struct ByToken {
    pub(crate) digest: Vec<u8>,
    pub(crate) now: i64,
}

impl<DB: Dialect> Lookup<DB> for ByToken
where
    i64: ToSql<BigInt, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn from<'b>(&'b self, joins: &str, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(" FROM tokens AS t INNER JOIN users AS u ON u.id = t.user_id");
        out.push_sql(joins);
        out.push_sql(" WHERE u.is_active AND t.digest = ");
        out.push_bind_param::<Binary, Vec<u8>>(&self.digest)?;
        out.push_sql(" AND (t.expires_at IS NULL OR t.expires_at > ");
        out.push_bind_param::<BigInt, i64>(&self.now)?;
        out.push_sql(")");
        Ok(())
    }
}

/// By the user's key.
#[derive(Clone, Debug)]
pub struct ByKey<U>(pub(crate) U);

impl<U: Key + ToSql<U::SqlType, DB>, DB: Dialect + HasSqlType<U::SqlType>> Lookup<DB> for ByKey<U> {
    fn from<'b>(&'b self, joins: &str, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // The same columns as with a token, none of them there.
        out.push_sql(" FROM users AS u LEFT JOIN tokens AS t ON 1 = 0");
        out.push_sql(joins);
        out.push_sql(" WHERE u.is_active AND u.id = ");
        out.push_bind_param::<U::SqlType, U>(&self.0)
    }
}
