//! How a caller is found: by a bearer token, or by the key of its user.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary};

use super::layout::Layout;
use crate::dialect::Dialect;
use crate::key::UserId;

/// How the user is found.
pub trait Lookup<DB: Dialect>: Send {
    /// What is selected beside the user, as `Found` has it: two nullable integers and two nullable texts, and in the place of the epoch
    /// one that is NULL.
    const COLUMNS: [&'static str; 5];

    /// Writes `FROM … WHERE …`, with the user as `u` and the token, if there is one, as `t`. `joins` goes between, with the tables in braces.
    fn from<'b>(
        &'b self,
        layout: &'static Layout,
        joins: &str,
        out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>;
}

/// Writes that the user `u` is active, and that neither the account nor its password has expired.
pub(super) fn active<'b, DB: Dialect>(
    now: &'b i64,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    i64: ToSql<BigInt, DB>,
{
    out.push_sql("u.is_active AND (u.expires_at IS NULL OR u.expires_at > ");
    out.push_bind_param::<BigInt, i64>(now)?;
    out.push_sql(") AND (u.password_expires_at IS NULL OR u.password_expires_at > ");
    out.push_bind_param::<BigInt, i64>(now)?;
    out.push_sql(")");
    Ok(())
}

/// By the digest of a bearer token that has not expired, and was issued for the password that the user has now.
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
    const COLUMNS: [&'static str; 5] = [
        "t.id",
        "t.last_used_at",
        "t.narrowed",
        "t.name",
        "NULLIF(t.id, t.id)",
    ];

    fn from<'b>(
        &'b self,
        layout: &'static Layout,
        joins: &str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()> {
        layout.push(
            " FROM tokens AS t INNER JOIN {users} AS u ON u.id = t.user_id",
            &mut out,
        )?;
        layout.push(joins, &mut out)?;
        out.push_sql(" WHERE ");
        active(&self.now, &mut out)?;
        out.push_sql(" AND t.digest = ");
        out.push_sql(DB::PLANNED_ONCE);
        out.push_bind_param::<Binary, Vec<u8>>(&self.digest)?;
        out.push_sql(" AND (t.expires_at IS NULL OR t.expires_at > ");
        out.push_bind_param::<BigInt, i64>(&self.now)?;
        out.push_sql(
            ") AND (u.password_changed_at IS NULL OR t.created_at >= u.password_changed_at)",
        );
        Ok(())
    }
}

/// By the user's key.
#[derive(Clone, Debug)]
pub struct ByKey {
    pub(crate) user: UserId,
    pub(crate) now: i64,
}

impl<DB: Dialect> Lookup<DB> for ByKey
where
    i64: ToSql<BigInt, DB>,
{
    const COLUMNS: [&'static str; 5] = [
        "t.id",
        "u.last_login",
        "u.password",
        "u.email",
        "NULLIF(t.id, t.id)",
    ];

    fn from<'b>(
        &'b self,
        layout: &'static Layout,
        joins: &str,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()> {
        // The same columns as with a token, which is not there.
        layout.push(
            " FROM {users} AS u LEFT JOIN tokens AS t ON 1 = 0",
            &mut out,
        )?;
        layout.push(joins, &mut out)?;
        out.push_sql(" WHERE ");
        active(&self.now, &mut out)?;
        out.push_sql(" AND u.id = ");
        DB::user(&self.user, out)
    }
}
