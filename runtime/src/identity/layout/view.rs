//! A table of a service, seen with the columns of a bundled one.

use diesel::expression::Expression;
use diesel::internal::table_macro::StaticQueryFragment;
use diesel::query_builder::AstPass;
use diesel::query_source::Column;
use diesel::result::QueryResult;

use super::groups::Codes;
use super::memberships::Roles;
use super::time::{Edge, TimeColumn};
use crate::dialect::{Database, Dialect};
use crate::table_name::{NameOf, NamedTable, TableName, quoted, text};

/// A subselect with the columns of a bundled table.
// There is one of each in a constant.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Copy, Debug)]
pub(crate) enum View {
    /// Of one table.
    Plain(Plain),
    /// Memberships, whose roles two tables may say.
    Roles(Roles),
    /// Permissions, which are named elsewhere.
    Codes(Codes),
}

impl View {
    pub(super) fn write<DB: Dialect>(
        &'static self,
        mut out: AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        out.push_sql("(SELECT ");
        match self {
            View::Plain(plain) => plain.write(&mut out)?,
            View::Roles(roles) => roles.write(&mut out)?,
            View::Codes(codes) => codes.write(&mut out)?,
        }
        out.push_sql(")");
        Ok(())
    }
}

impl View {
    /// The table and its key, as a foreign key refers to them.
    pub(super) fn reference(&'static self, database: Database) -> Option<String> {
        let View::Plain(plain) = self else {
            return None;
        };
        let mut columns = plain.columns.iter().flatten();
        let key = columns.find_map(|(name, value)| match value {
            Value::Column(column) if *name == "id" => Some(column),
            _ => None,
        });
        let table = text(plain.table.0, database);
        // The name of a column of `diesel::table!` is an identifier, which may be quoted like a table's.
        Some(format!("{table} ({})", quoted(key?, database)))
    }
}

/// How many columns the widest of the bundled tables has.
const WIDEST: usize = 10;

/// Some columns of one table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    pub(super) table: Table,
    columns: [Option<(&'static str, Value)>; WIDEST],
}

impl Plain {
    pub(super) const fn new(table: Table) -> Plain {
        let columns = [None; WIDEST];
        Plain { table, columns }
    }

    /// The same with one more column: what stands for a bundled one.
    pub(super) const fn with(mut self, name: &'static str, value: Value) -> Plain {
        let mut at = 0;
        while self.columns[at].is_some() {
            at += 1;
        }
        self.columns[at] = Some((name, value));
        self
    }

    fn write<DB: Dialect>(&'static self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        let mut separator = "";
        for (name, value) in self.columns.iter().flatten() {
            out.push_sql(separator);
            value.write(out)?;
            out.push_sql(" AS ");
            out.push_sql(name);
            separator = ", ";
        }
        out.push_sql(" FROM ");
        self.table.write(out)?;
        out.push_sql(" AS orgscope_v");
        Ok(())
    }
}

/// What stands for a bundled column, in a table `orgscope_v`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    /// Another column.
    Column(&'static str),
    /// A time, in Unix seconds.
    Seconds(TimeColumn, Edge),
    /// A time, in Unix microseconds.
    Micros(TimeColumn),
    /// So many seconds after a time, in Unix seconds.
    After(TimeColumn, u32),
    /// Nothing, where a number may be.
    NoNumber,
    /// Nothing, where a text may be.
    NoText,
    /// 1 for a group with the first name, 2 for one with the second.
    Kind {
        column: &'static str,
        root: Option<&'static str>,
        public: Option<&'static str>,
    },
}

impl Value {
    fn write<DB: Dialect>(&'static self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        match self {
            Value::Column(name) => column("orgscope_v", name, out)?,
            Value::Seconds(time, edge) => time.seconds("orgscope_v", *edge, out)?,
            Value::Micros(time) => time.micros(Some("orgscope_v"), out)?,
            Value::After(time, seconds) => {
                time.seconds("orgscope_v", Edge::End, out)?;
                out.push_sql(&format!(" + {seconds}"));
            }
            Value::NoNumber => out.push_sql(match DB::DATABASE {
                Database::Mysql => "CAST(NULL AS SIGNED)",
                _ => "CAST(NULL AS BIGINT)",
            }),
            Value::NoText => out.push_sql(match DB::DATABASE {
                Database::Mysql => "CAST(NULL AS CHAR)",
                _ => "CAST(NULL AS TEXT)",
            }),
            Value::Kind {
                column: name,
                root,
                public,
            } => {
                out.push_sql("CASE");
                for (group, code) in [(root, 1), (public, 2)] {
                    if let Some(group) = group {
                        out.push_sql(" WHEN ");
                        column("orgscope_v", name, out)?;
                        out.push_sql(DB::LETTER_BY_LETTER);
                        out.push_sql(" = ");
                        DB::text(group, out.reborrow())?;
                        out.push_sql(&format!(" THEN {code}"));
                    }
                }
                // Without a branch it would not be SQL.
                out.push_sql(" WHEN 1 = 0 THEN 0 END");
            }
        }
        Ok(())
    }
}

/// Writes a column of a table.
pub(super) fn column<DB: Dialect>(
    table: &str,
    column: &str,
    out: &mut AstPass<'_, '_, DB>,
) -> QueryResult<()> {
    out.push_sql(table);
    out.push_sql(".");
    out.push_identifier(column)
}

/// A table with its name.
#[derive(Clone, Copy)]
pub(crate) struct Table(&'static dyn TableName);

impl Table {
    /// The table of a column.
    pub(super) const fn of<C>(_column: C) -> Table
    where
        C: Column + Copy,
        C::Table: NamedOnce,
    {
        Table(C::Table::NAME)
    }

    pub(super) fn write<DB: Dialect>(&self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        DB::table(self.0, out.reborrow())
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Table")
    }
}

/// A table of `diesel::table!`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a table of `diesel::table!` [org121]")]
pub trait NamedOnce {
    #[doc(hidden)]
    const NAME: &'static dyn TableName;
}

#[diagnostic::do_not_recommend]
impl<T> NamedOnce for T
where
    T: StaticQueryFragment,
    T::Component: NamedTable,
{
    const NAME: &'static dyn TableName = &NameOf(T::STATIC_COMPONENT);
}

/// A column of the table `T` with values of the type `ST`, which may be missing where `ST` says so.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand there: it is not a column of `{T}` of the SQL type `{ST}` [org121]",
    label = "another column is needed here"
)]
pub trait ColumnOf<T, ST>: Copy {
    #[doc(hidden)]
    const COLUMN: &'static str;
}

#[diagnostic::do_not_recommend]
impl<C, T, ST> ColumnOf<T, ST> for C
where
    C: Column<Table = T> + Expression<SqlType = ST> + Copy,
{
    const COLUMN: &'static str = C::NAME;
}
