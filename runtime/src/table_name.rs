//! Names of tables, without their types: query fragments write tables that they know as data only.

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use crate::dialect::dialects;

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

/// The name of a column.
pub const fn column_name<C: diesel::query_source::Column + Copy>(_column: C) -> &'static str {
    C::NAME
}
