//! Names of tables, without their types: query fragments write tables that they know as data only.

use diesel::query_builder::{AstPass, QueryBuilder, QueryFragment};
use diesel::result::QueryResult;

use crate::dialect::{Database, Dialect, dialects};

/// A table whose name can be written in every dialect that is switched on. Every table of `diesel::table!` is one.
pub trait NamedTable: dialects::OnSqlite + dialects::OnPostgres + dialects::OnMysql {}

impl<T: dialects::OnSqlite + dialects::OnPostgres + dialects::OnMysql> NamedTable for T {}

/// The name of a table, without its type.
pub trait TableName: Sync {
    #[cfg(feature = "sqlite")]
    #[doc(hidden)]
    fn on_sqlite<'b>(&self, out: AstPass<'_, 'b, diesel::sqlite::Sqlite>) -> QueryResult<()>;
    #[cfg(feature = "postgres")]
    #[doc(hidden)]
    fn on_postgres<'b>(&self, out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()>;
    #[cfg(feature = "mysql")]
    #[doc(hidden)]
    fn on_mysql<'b>(&self, out: AstPass<'_, 'b, diesel::mysql::Mysql>) -> QueryResult<()>;
}

/// The name of the table `T`.
pub struct NameOf<T: 'static>(pub &'static T);

impl<T: NamedTable> TableName for NameOf<T> {
    #[cfg(feature = "sqlite")]
    fn on_sqlite<'b>(&self, out: AstPass<'_, 'b, diesel::sqlite::Sqlite>) -> QueryResult<()> {
        QueryFragment::<diesel::sqlite::Sqlite>::walk_ast(self.0, out)
    }
    #[cfg(feature = "postgres")]
    fn on_postgres<'b>(&self, out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
        QueryFragment::<diesel::pg::Pg>::walk_ast(self.0, out)
    }
    #[cfg(feature = "mysql")]
    fn on_mysql<'b>(&self, out: AstPass<'_, 'b, diesel::mysql::Mysql>) -> QueryResult<()> {
        QueryFragment::<diesel::mysql::Mysql>::walk_ast(self.0, out)
    }
}

/// The name of a table as it stands in SQL.
pub(crate) fn text(table: &'static dyn TableName, database: Database) -> String {
    match database {
        #[cfg(feature = "sqlite")]
        Database::Sqlite => written(&diesel::sqlite::Sqlite, table),
        #[cfg(feature = "postgres")]
        Database::Postgres => written(&diesel::pg::Pg, table),
        #[cfg(feature = "mysql")]
        Database::Mysql => written(&diesel::mysql::Mysql, table),
        // A database that is switched off has no tables.
        #[allow(unreachable_patterns)]
        _ => String::new(),
    }
}

fn written<DB>(backend: &DB, table: &'static dyn TableName) -> String
where
    DB: Dialect<QueryBuilder: Default>,
{
    let mut sql = DB::QueryBuilder::default();
    match Written(table).to_sql(&mut sql, backend) {
        Ok(()) => sql.finish(),
        // A name has nothing that could fail.
        Err(_) => String::new(),
    }
}

struct Written(&'static dyn TableName);

impl<DB: Dialect> QueryFragment<DB> for Written {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::table(self.0, out)
    }
}

/// The name of a table as catalogues have it: without its schema.
pub(crate) fn plain(table: &'static dyn TableName) -> String {
    let databases = [Database::Sqlite, Database::Postgres, Database::Mysql];
    let mut names = databases.map(|database| text(table, database)).into_iter();
    let name = names.find(|name| !name.is_empty()).unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or_default();
    name.trim_matches(['"', '`']).to_owned()
}

/// The name of a table as a definition refers to it: SQLite takes no schema there.
pub(crate) fn reference(table: &'static dyn TableName, database: Database) -> String {
    match database {
        Database::Sqlite => quoted(&plain(table), database),
        _ => text(table, database),
    }
}

/// An identifier as Diesel writes it.
pub(crate) fn quoted(name: &str, database: Database) -> String {
    let quote = match database {
        Database::Sqlite | Database::Mysql => '`',
        Database::Postgres => '"',
    };
    format!("{quote}{name}{quote}")
}

/// The name of a column.
pub const fn column_name<C: diesel::query_source::Column + Copy>(_column: C) -> &'static str {
    C::NAME
}
