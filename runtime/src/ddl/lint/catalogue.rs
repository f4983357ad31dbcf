//! What a database says of its tables: columns, indexes and foreign keys.

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text};

use crate::audit::UNSCOPED;
use crate::connection::Kind;
use crate::dialect::{Database, Dialect};
use crate::error::Error;
use crate::fetch::{Fetch, Statement};
use crate::selection::Chosen;

/// A question to the catalogue.
#[derive(Clone, Copy, Debug)]
pub enum Asks {
    /// `(database, '', 0, '', '', '', 0)`, so that it is known which one answers.
    Database,
    /// `(table, column, position, column, type, '', nullable)`
    Columns,
    /// `(table, index, position, column or '', 'pk' for the primary key, 'partial' for one of some rows only, unique)`
    Indexes,
    /// `(table, key, position, column, other table, its column or '', 0)`
    ForeignKeys,
}

/// `(table, name, position, column, detail, other column, flag)`
pub type Row = (String, String, i64, String, String, String, i64);

impl Query for Asks {
    type SqlType = (Text, Text, BigInt, Text, Text, Text, BigInt);
}

impl<C> RunQueryDsl<C> for Asks {}

impl QueryId for Asks {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for Asks {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(UNSCOPED);
        out.push_sql(" ");
        out.push_sql(match (DB::DATABASE, self) {
            (Database::Sqlite, Asks::Database) => "SELECT 'sqlite', '', 0, '', '', '', 0",
            (Database::Sqlite, Asks::Columns) => {
                "SELECT m.name, p.name, p.cid, p.name, p.type, '', \
                 CASE WHEN p.\"notnull\" = 0 AND p.pk = 0 THEN 1 ELSE 0 END \
                 FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 3"
            }
            // A primary key that is one integer has no index: it is the table.
            (Database::Sqlite, Asks::Indexes) => {
                "SELECT m.name, i.name, k.seqno, COALESCE(k.name, ''), CASE WHEN i.origin = 'pk' THEN 'pk' ELSE '' END, \
                 CASE WHEN i.partial = 1 THEN 'partial' ELSE '' END, i.\"unique\" \
                 FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS i JOIN pragma_index_info(i.name) AS k \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' \
                 UNION ALL SELECT m.name, 'PRIMARY KEY', p.pk, p.name, 'pk', '', 1 \
                 FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p \
                 WHERE m.type = 'table' AND p.pk > 0 AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2, 3"
            }
            (Database::Sqlite, Asks::ForeignKeys) => {
                "SELECT m.name, CAST(f.id AS TEXT), f.seq, f.\"from\", f.\"table\", COALESCE(f.\"to\", ''), 0 \
                 FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2, 3"
            }
            (Database::Postgres, Asks::Database) => {
                "SELECT 'postgres'::text, ''::text, 0::bigint, ''::text, ''::text, ''::text, 0::bigint"
            }
            (Database::Postgres, Asks::Columns) => {
                "SELECT c.relname::text, a.attname::text, a.attnum::bigint, a.attname::text, \
                 format_type(a.atttypid, a.atttypmod)::text, ''::text, (CASE WHEN a.attnotnull THEN 0 ELSE 1 END)::bigint \
                 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid \
                 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY (current_schemas(false)) \
                 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 3"
            }
            (Database::Postgres, Asks::Indexes) => {
                "SELECT t.relname::text, i.relname::text, k.at::bigint, COALESCE(a.attname, '')::text, \
                 (CASE WHEN x.indisprimary THEN 'pk' ELSE '' END)::text, \
                 (CASE WHEN x.indpred IS NOT NULL THEN 'partial' ELSE '' END)::text, (CASE WHEN x.indisunique THEN 1 ELSE 0 END)::bigint \
                 FROM pg_index AS x JOIN pg_class AS t ON t.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid \
                 JOIN pg_namespace AS n ON n.oid = t.relnamespace \
                 CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (number, at) \
                 LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.number \
                 WHERE k.at <= x.indnkeyatts AND n.nspname = ANY (current_schemas(false)) ORDER BY 1, 2, 3"
            }
            (Database::Postgres, Asks::ForeignKeys) => {
                "SELECT t.relname::text, c.conname::text, k.at::bigint, a.attname::text, p.relname::text, b.attname::text, 0::bigint \
                 FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_class AS p ON p.oid = c.confrelid \
                 JOIN pg_namespace AS n ON n.oid = t.relnamespace \
                 CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (own, other, at) \
                 JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.own \
                 JOIN pg_attribute AS b ON b.attrelid = p.oid AND b.attnum = k.other \
                 WHERE c.contype = 'f' AND n.nspname = ANY (current_schemas(false)) ORDER BY 1, 2, 3"
            }
            (Database::Mysql, Asks::Database) => "SELECT 'mysql', '', 0, '', '', '', 0",
            (Database::Mysql, Asks::Columns) => {
                "SELECT c.table_name, c.column_name, CAST(c.ordinal_position AS SIGNED), c.column_name, c.column_type, '', \
                 CASE WHEN c.is_nullable = 'YES' THEN 1 ELSE 0 END \
                 FROM information_schema.columns AS c JOIN information_schema.tables AS t \
                 ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
                 WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY 1, 3"
            }
            (Database::Mysql, Asks::Indexes) => {
                "SELECT s.table_name, s.index_name, CAST(s.seq_in_index AS SIGNED), COALESCE(s.column_name, ''), \
                 CASE WHEN s.index_name = 'PRIMARY' THEN 'pk' ELSE '' END, '', CASE WHEN s.non_unique = 0 THEN 1 ELSE 0 END \
                 FROM information_schema.statistics AS s WHERE s.table_schema = DATABASE() ORDER BY 1, 2, 3"
            }
            (Database::Mysql, Asks::ForeignKeys) => {
                "SELECT k.table_name, k.constraint_name, CAST(k.ordinal_position AS SIGNED), k.column_name, \
                 k.referenced_table_name, k.referenced_column_name, 0 \
                 FROM information_schema.key_column_usage AS k \
                 WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL ORDER BY 1, 2, 3"
            }
        });
        Ok(())
    }
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) table: String,
    pub(super) name: String,
    /// As the database calls it.
    pub(super) sql_type: String,
    pub(super) nullable: bool,
}

/// An index, with its columns in order; an expression is an empty name.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) unique: bool,
    pub(super) primary: bool,
    /// Of some rows only.
    pub(super) partial: bool,
}

/// A foreign key: its columns, and those that they refer to.
#[derive(Clone, Debug)]
pub(super) struct ForeignKey {
    pub(super) table: String,
    pub(super) columns: Vec<(String, String)>,
    pub(super) parent: String,
}

/// The catalogue of a database.
#[derive(Clone, Debug)]
pub(super) struct Catalogue {
    pub(super) database: Database,
    pub(super) columns: Vec<Column>,
    pub(super) indexes: Vec<Index>,
    pub(super) foreign_keys: Vec<ForeignKey>,
}

impl Catalogue {
    /// Asks the database.
    pub(super) async fn read<C, K>(conn: &mut C) -> Result<Catalogue, Error>
    where
        C: Send,
        K: Kind,
        Statement<Asks, Chosen>: Fetch<'static, C, K, Row>,
    {
        let database = K::wait(Statement::own(Asks::Database).fetch(&mut *conn)).await?;
        let columns = K::wait(Statement::own(Asks::Columns).fetch(&mut *conn)).await?;
        let indexes = K::wait(Statement::own(Asks::Indexes).fetch(&mut *conn)).await?;
        let foreign_keys = K::wait(Statement::own(Asks::ForeignKeys).fetch(conn)).await?;
        Ok(Catalogue {
            database: match database.first().map(|row| row.0.as_str()) {
                Some("postgres") => Database::Postgres,
                Some("mysql") => Database::Mysql,
                _ => Database::Sqlite,
            },
            columns: columns.into_iter().map(column).collect(),
            indexes: gathered(indexes, index),
            foreign_keys: gathered(foreign_keys, foreign_key),
        })
    }

    pub(super) fn column(&self, table: &str, name: &str) -> Option<&Column> {
        let mut columns = self.columns.iter();
        columns.find(|column| column.table == table && column.name == name)
    }

    pub(super) fn has_table(&self, table: &str) -> bool {
        self.columns.iter().any(|column| column.table == table)
    }

    /// The indexes of a table, its primary key among them.
    pub(super) fn indexes<'c>(&'c self, table: &'c str) -> impl Iterator<Item = &'c Index> {
        self.indexes
            .iter()
            .filter(move |index| index.table == table)
    }
}

fn column((table, name, _, _, sql_type, _, nullable): Row) -> Column {
    Column {
        table,
        name,
        sql_type,
        nullable: nullable == 1,
    }
}

fn index(rows: &[Row]) -> Index {
    let (table, name, _, _, kind, partial, unique) = &rows[0];
    Index {
        table: table.clone(),
        name: name.clone(),
        columns: rows.iter().map(|row| row.3.clone()).collect(),
        unique: *unique == 1,
        primary: kind == "pk",
        partial: partial == "partial",
    }
}

fn foreign_key(rows: &[Row]) -> ForeignKey {
    let (table, _, _, _, parent, _, _) = &rows[0];
    ForeignKey {
        table: table.clone(),
        columns: rows
            .iter()
            .map(|row| (row.3.clone(), row.5.clone()))
            .collect(),
        parent: parent.clone(),
    }
}

/// One for each name in a table: its rows follow one another.
fn gathered<T>(rows: Vec<Row>, one: impl Fn(&[Row]) -> T) -> Vec<T> {
    let same = rows.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1);
    same.map(one).collect()
}
