//! The SQL that differs between the three databases, and nothing else.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::HasSqlType;

use crate::key::{Key, KeySet, UserId};
use crate::rows::Condition;
use crate::table_name::TableName;

/// The databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

/// The dialect of one database.
pub trait Dialect: Backend + Sized {
    /// Which database.
    const DATABASE: Database;

    /// How many organization keys a statement can bind; beyond that, the memberships are asked for in SQL.
    const MAX_KEYS: usize;

    /// What follows a text key so that it is compared letter by letter, whatever the collation of the other side.
    const LETTER_BY_LETTER: &'static str = "";

    /// What follows a `SELECT` so that the rows it read stay as they are until the transaction ends.
    const LOCK: &'static str = "";

    /// What a `SELECT` without a table needs before its `WHERE`.
    const FROM_NOTHING: &'static str = "";

    /// Whether a statement that changes rows can return them.
    const RETURNING: bool = true;

    /// What precedes a value that a statement looks for by a key, or that limits it, so that the database does not plan the statement
    /// anew for each value that is bound.
    const PLANNED_ONCE: &'static str = "";

    /// Whether the first rows of a page are found range by range: those of organizations, and the shared ones.
    const FINDS_RANGES: bool = false;

    /// The function that says where in its first argument the second begins, from 1.
    const POSITION: &'static str = "INSTR";

    /// Binds a text.
    fn text<'b>(text: &'b str, out: AstPass<'_, 'b, Self>) -> QueryResult<()>;

    /// Binds a floating-point number.
    fn double<'b>(number: &'b f64, out: AstPass<'_, 'b, Self>) -> QueryResult<()>;

    /// Writes the name of a table, quoted and qualified.
    fn table<'b>(table: &'static dyn TableName, out: AstPass<'_, 'b, Self>) -> QueryResult<()>;

    /// Writes a condition.
    fn condition<'b>(condition: &'b dyn Condition, out: AstPass<'_, 'b, Self>) -> QueryResult<()>;

    /// Binds the id of a user, or the key of a row.
    fn user<'b>(user: &'b UserId, out: AstPass<'_, 'b, Self>) -> QueryResult<()>;
}

/// Keys that a dialect can bind.
#[diagnostic::on_unimplemented(
    message = "organization keys of the type `{Self}` cannot be bound on this database [org111]"
)]
pub trait KeyOn<DB: Dialect>: Key {
    /// Writes the condition that whatever stands to the left is one of the keys: `= ANY($1)`, `IN (…)`. The set is not
    /// empty.
    fn is_one_of<'b>(keys: &'b KeySet<Self>, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

macro_rules! push_user {
    ($user:expr, $out:expr) => {
        match $user {
            UserId::Int(id) => $out.push_bind_param::<diesel::sql_types::Integer, _>(id),
            UserId::BigInt(id) => $out.push_bind_param::<diesel::sql_types::BigInt, _>(id),
            UserId::Text(id) => $out.push_bind_param::<diesel::sql_types::Text, _>(id),
            #[cfg(feature = "uuid")]
            UserId::Uuid(id) => $out.push_bind_param::<crate::sql_types::DjangoUuid, _>(id),
        }
    };
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use diesel::sqlite::Sqlite;

    impl Dialect for Sqlite {
        const DATABASE: Database = Database::Sqlite;
        // A set is one bind, whatever its size.
        const MAX_KEYS: usize = usize::MAX;
        // A bare value is looked up in the samples of ANALYZE (`sqlite_stat4`) whenever it is bound, and a bare limit always, and the
        // statement is prepared again: ten times the cost of running it. The planner does not look behind a sign.
        const PLANNED_ONCE: &'static str = "+";
        // Of `organization_id IN (…) OR organization_id IS NULL` it gathers all rows and sorts them.
        const FINDS_RANGES: bool = true;

        fn table<'b>(table: &'static dyn TableName, out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            table.on_sqlite(out)
        }

        fn condition<'b>(
            condition: &'b dyn Condition,
            out: AstPass<'_, 'b, Self>,
        ) -> QueryResult<()> {
            condition.on_sqlite(out)
        }

        fn text<'b>(text: &'b str, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_bind_param::<diesel::sql_types::Text, _>(text)
        }

        fn double<'b>(number: &'b f64, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_bind_param::<diesel::sql_types::Double, _>(number)
        }

        fn user<'b>(user: &'b UserId, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_sql(Self::PLANNED_ONCE);
            push_user!(user, out)
        }
    }

    /// Up to here a list of binds costs less than reading a set from JSON; beyond, the set is one bind and one text.
    const LONGEST_LIST: usize = 8;

    impl<K: Key> KeyOn<Sqlite> for K
    where
        Sqlite: HasSqlType<K::SqlType>,
        K: ToSql<K::SqlType, Sqlite>,
    {
        fn is_one_of<'b>(
            keys: &'b KeySet<Self>,
            mut out: AstPass<'_, 'b, Sqlite>,
        ) -> QueryResult<()> {
            if keys.keys().len() <= LONGEST_LIST {
                return padded_list(keys.keys(), out);
            }
            out.push_sql(" IN (SELECT value FROM json_each(");
            out.push_bind_param::<diesel::sql_types::Text, str>(keys.json())?;
            out.push_sql("))");
            Ok(())
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use diesel::pg::Pg;
    use diesel::sql_types::Array;

    impl Dialect for Pg {
        const DATABASE: Database = Database::Postgres;
        // An array is one bind, whatever its size.
        const MAX_KEYS: usize = usize::MAX;
        const LOCK: &'static str = " FOR SHARE";
        const POSITION: &'static str = "STRPOS";

        fn table<'b>(table: &'static dyn TableName, out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            table.on_postgres(out)
        }

        fn condition<'b>(
            condition: &'b dyn Condition,
            out: AstPass<'_, 'b, Self>,
        ) -> QueryResult<()> {
            condition.on_postgres(out)
        }

        fn text<'b>(text: &'b str, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_bind_param::<diesel::sql_types::Text, _>(text)
        }

        fn double<'b>(number: &'b f64, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_bind_param::<diesel::sql_types::Double, _>(number)
        }

        fn user<'b>(user: &'b UserId, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            #[cfg(feature = "uuid")]
            if let UserId::Uuid(id) = user {
                return out.push_bind_param::<diesel::sql_types::Uuid, _>(id);
            }
            push_user!(user, out)
        }
    }

    impl<K: Key> KeyOn<Pg> for K
    where
        Pg: HasSqlType<K::SqlType>,
        Vec<K>: ToSql<Array<K::SqlType>, Pg>,
    {
        fn is_one_of<'b>(keys: &'b KeySet<Self>, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
            out.push_sql(" = ANY(");
            out.push_bind_param::<Array<K::SqlType>, Vec<K>>(keys.keys())?;
            out.push_sql(")");
            Ok(())
        }
    }
}

#[cfg(feature = "mysql")]
mod mysql {
    use super::*;
    use diesel::mysql::Mysql;

    impl Dialect for Mysql {
        const DATABASE: Database = Database::Mysql;
        // The protocol ends at 65,535 binds; the longest join has five scopes, each with up to three sets (the roles that show
        // different rows), each padded to a power of two.
        const MAX_KEYS: usize = 4_096;

        // Its usual collations take `a` for `A`.
        const LETTER_BY_LETTER: &'static str = " COLLATE utf8mb4_bin";
        const LOCK: &'static str = " LOCK IN SHARE MODE";
        const FROM_NOTHING: &'static str = " FROM DUAL";
        // MariaDB has it for some statements, MySQL for none.
        const RETURNING: bool = false;

        fn table<'b>(table: &'static dyn TableName, out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            table.on_mysql(out)
        }

        fn condition<'b>(
            condition: &'b dyn Condition,
            out: AstPass<'_, 'b, Self>,
        ) -> QueryResult<()> {
            condition.on_mysql(out)
        }

        fn text<'b>(text: &'b str, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_bind_param::<diesel::sql_types::Text, _>(text)
        }

        fn double<'b>(number: &'b f64, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            out.push_bind_param::<diesel::sql_types::Double, _>(number)
        }

        fn user<'b>(user: &'b UserId, mut out: AstPass<'_, 'b, Self>) -> QueryResult<()> {
            push_user!(user, out)
        }
    }

    impl<K: Key> KeyOn<Mysql> for K
    where
        Mysql: HasSqlType<K::SqlType>,
        K: ToSql<K::SqlType, Mysql>,
    {
        fn is_one_of<'b>(keys: &'b KeySet<Self>, out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
            padded_list(keys.keys(), out)
        }
    }
}

/// What follows a key `K` in a comparison.
pub(crate) fn letter_by_letter<DB: Dialect, K: Key>() -> &'static str {
    if K::IS_TEXT { DB::LETTER_BY_LETTER } else { "" }
}

/// Writes ` IN (?, ?, …)`, filled up to a power of two with the last key, so that there are a few texts to cache instead of
/// one for each number of keys.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
fn padded_list<'b, DB, K>(keys: &'b [K], mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Dialect + HasSqlType<K::SqlType>,
    K: Key + ToSql<K::SqlType, DB>,
{
    let filling = keys.len().next_power_of_two() - keys.len();
    let last = keys.last().into_iter().cycle().take(filling);
    let mut separator = " IN (";
    for key in keys.iter().chain(last) {
        out.push_sql(separator);
        out.push_sql(DB::PLANNED_ONCE);
        out.push_bind_param::<K::SqlType, K>(key)?;
        out.push_sql(letter_by_letter::<DB, K>());
        separator = ", ";
    }
    out.push_sql(")");
    Ok(())
}

/// What a fragment has to be on each database; nothing where a database is switched off.
pub(crate) mod dialects {
    macro_rules! on {
        ($name:ident, $feature:literal, $backend:path) => {
            #[cfg(feature = $feature)]
            pub trait $name: diesel::query_builder::QueryFragment<$backend> + Sync {}
            #[cfg(feature = $feature)]
            impl<T: diesel::query_builder::QueryFragment<$backend> + Sync> $name for T {}
            #[cfg(not(feature = $feature))]
            pub trait $name: Sync {}
            #[cfg(not(feature = $feature))]
            impl<T: Sync> $name for T {}
        };
    }

    on!(OnSqlite, "sqlite", diesel::sqlite::Sqlite);
    on!(OnPostgres, "postgres", diesel::pg::Pg);
    on!(OnMysql, "mysql", diesel::mysql::Mysql);
}
