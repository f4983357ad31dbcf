//! UUIDs as Django stores them: `uuid` on PostgreSQL, 32 hexadecimal digits in a `char(32)` on SQLite and MySQL.

use std::fmt;
use std::str::FromStr;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::dialect::Database;
use crate::key::{Key, KeyColumn, UserId};

/// SQL types of this crate, for `diesel::table!`.
pub mod sql_types {
    /// A column of Django's `UUIDField`: `id -> orgscope::sql_types::DjangoUuid`. Its values are [`DjangoUuid`](crate::DjangoUuid)s.
    #[derive(
        Clone, Copy, Debug, Default, diesel::query_builder::QueryId, diesel::sql_types::SqlType,
    )]
    #[cfg_attr(feature = "sqlite", diesel(sqlite_type(name = "Text")))]
    #[cfg_attr(
        feature = "postgres",
        diesel(postgres_type(oid = 2950, array_oid = 2951))
    )]
    #[cfg_attr(feature = "mysql", diesel(mysql_type(name = "String")))]
    pub struct DjangoUuid;
}

/// A UUID in a column of Django's `UUIDField`; to everybody else it is the usual text with hyphens.
///
/// ```
/// use orgscope::DjangoUuid;
/// let id: DjangoUuid = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse()?;
/// assert_eq!(id.to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(
    AsExpression,
    Clone,
    Copy,
    Debug,
    Deserialize,
    Eq,
    FromSqlRow,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[diesel(sql_type = sql_types::DjangoUuid)]
#[serde(transparent)]
pub struct DjangoUuid(pub Uuid);

impl fmt::Display for DjangoUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DjangoUuid {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(DjangoUuid)
    }
}

impl Key for DjangoUuid {
    type SqlType = sql_types::DjangoUuid;
    const IS_TEXT: bool = false;

    fn column(database: Database) -> &'static str {
        match database {
            Database::Postgres => "UUID",
            Database::Sqlite | Database::Mysql => "CHAR(32)",
        }
    }

    fn user_id(&self) -> UserId {
        UserId::Uuid(self.0)
    }

    fn read(text: &str) -> Option<Self> {
        let key = text.parse::<Uuid>().ok()?;
        // There are other texts for it.
        (key.to_string() == text).then_some(DjangoUuid(key))
    }

    fn json(keys: &[Self]) -> String {
        let digits = keys.iter().map(|key| key.0.simple().to_string());
        crate::key::json(&digits.collect::<Vec<_>>())
    }
}

impl KeyColumn for sql_types::DjangoUuid {
    type Key = DjangoUuid;
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use diesel::sql_types::Text;
    use diesel::sqlite::Sqlite;

    impl ToSql<sql_types::DjangoUuid, Sqlite> for Uuid {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
            out.set_value(self.simple().to_string());
            Ok(IsNull::No)
        }
    }

    impl FromSql<sql_types::DjangoUuid, Sqlite> for DjangoUuid {
        fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
            let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
            Ok(text.parse()?)
        }
    }
}

#[cfg(feature = "mysql")]
mod mysql {
    use super::*;
    use diesel::mysql::Mysql;
    use diesel::sql_types::Text;
    use std::io::Write;

    impl ToSql<sql_types::DjangoUuid, Mysql> for Uuid {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
            write!(out, "{}", self.simple())?;
            Ok(IsNull::No)
        }
    }

    impl FromSql<sql_types::DjangoUuid, Mysql> for DjangoUuid {
        fn from_sql(value: <Mysql as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
            let text = <String as FromSql<Text, Mysql>>::from_sql(value)?;
            Ok(text.parse()?)
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use diesel::pg::Pg;
    use std::io::Write;

    impl ToSql<sql_types::DjangoUuid, Pg> for Uuid {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            out.write_all(self.as_bytes())?;
            Ok(IsNull::No)
        }
    }

    impl FromSql<sql_types::DjangoUuid, Pg> for DjangoUuid {
        fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
            Ok(DjangoUuid(Uuid::from_slice(value.as_bytes())?))
        }
    }
}

impl<DB: Backend> ToSql<sql_types::DjangoUuid, DB> for DjangoUuid
where
    Uuid: ToSql<sql_types::DjangoUuid, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}
