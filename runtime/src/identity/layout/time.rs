//! Times as services store them, and as the bundled tables do: Unix seconds, and microseconds for logins.

use diesel::query_builder::AstPass;
use diesel::query_source::Column;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{self, BigInt, Nullable, is_nullable};

use super::view::column;
use crate::dialect::{Database, Dialect};

/// How a column stores times.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Unix microseconds, as in the bundled table.
    Micros,
    /// Unix seconds.
    Unix,
    /// A day, which lasts until its end.
    Day,
    /// A time in UTC.
    Timestamp,
    /// A time with its zone.
    Zoned,
}

/// SQL types of columns that hold times: `BigInt` (Unix seconds), `Timestamp` (in UTC), `Timestamptz`, and `Date`, which lasts until the
/// end of the day.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` does not hold a time",
    note = "times are `BigInt` (Unix seconds), `Timestamp` (in UTC), `Timestamptz` or `Date`"
)]
pub trait Time {
    #[doc(hidden)]
    const FORMAT: Format;
}

/// Of them, those that tell moments of the same second apart: a link that is good once is told by them.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` does not tell the logins of one second apart",
    note = "logins are stored in columns of the type `Timestamp` (in UTC) or `Timestamptz`, with microseconds"
)]
pub trait Instant: Time {}

impl Time for BigInt {
    const FORMAT: Format = Format::Unix;
}
impl Time for sql_types::Date {
    const FORMAT: Format = Format::Day;
}
impl Time for sql_types::Timestamp {
    const FORMAT: Format = Format::Timestamp;
}
impl Instant for sql_types::Timestamp {}
#[cfg(feature = "postgres")]
impl Time for sql_types::Timestamptz {
    const FORMAT: Format = Format::Zoned;
}
#[cfg(feature = "postgres")]
impl Instant for sql_types::Timestamptz {}

impl<ST: Time + sql_types::SqlType<IsNull = is_nullable::NotNull>> Time for Nullable<ST> {
    const FORMAT: Format = ST::FORMAT;
}
impl<ST: Instant + sql_types::SqlType<IsNull = is_nullable::NotNull>> Instant for Nullable<ST> {}

/// A column that holds times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeColumn {
    column: &'static str,
    format: Format,
}

impl TimeColumn {
    /// The bundled one.
    pub(super) const MICROS: TimeColumn = TimeColumn {
        column: "last_login",
        format: Format::Micros,
    };

    pub(super) const fn of<C: Column<SqlType: Time> + Copy>(_column: C) -> TimeColumn {
        TimeColumn {
            column: C::NAME,
            format: C::SqlType::FORMAT,
        }
    }

    /// Writes it in Unix seconds.
    pub(super) fn seconds<DB: Dialect>(
        &self,
        table: Option<&str>,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        let (before, after) = match (self.format, DB::DATABASE) {
            (Format::Unix | Format::Micros, _) => ("", ""),
            (_, Database::Postgres) => ("CAST(FLOOR(EXTRACT(EPOCH FROM ", ")) AS BIGINT)"),
            (_, Database::Mysql) => ("TIMESTAMPDIFF(SECOND, '1970-01-01', ", ")"),
            (_, Database::Sqlite) => ("CAST(strftime('%s', ", ") AS INTEGER)"),
        };
        out.push_sql(before);
        self.name(table, out)?;
        out.push_sql(after);
        if self.format == Format::Day {
            out.push_sql(" + 86400");
        }
        Ok(())
    }

    /// Writes it in Unix microseconds.
    pub(crate) fn micros<DB: Dialect>(
        &self,
        table: Option<&str>,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        let around: &[&str] = match DB::DATABASE {
            _ if self.format == Format::Micros => &["", ""],
            Database::Postgres => &["CAST(EXTRACT(EPOCH FROM ", ") * 1000000 AS BIGINT)"],
            Database::Mysql => &["TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ", ")"],
            // The text is `2000-01-01 00:00:00.123456`, or without the fraction.
            Database::Sqlite => &[
                "CAST(strftime('%s', substr(",
                ", 1, 19)) AS INTEGER) * 1000000 + CAST(substr(substr(",
                ", 21) || '000000', 1, 6) AS INTEGER)",
            ],
        };
        between(around, out, |out| self.name(table, out))
    }

    fn name<DB: Dialect>(
        &self,
        table: Option<&str>,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        match table {
            Some(table) => column(table, self.column, out),
            None => out.push_identifier(self.column),
        }
    }

    /// Writes ` = ` and a time in Unix microseconds as the column stores it.
    pub(crate) fn set<'b, DB: Dialect>(
        &self,
        micros: &'b i64,
        out: &mut AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>
    where
        i64: ToSql<BigInt, DB>,
    {
        out.push_identifier(self.column)?;
        let around: &[&str] = match (DB::DATABASE, self.format) {
            (_, Format::Micros) => &[" = ", ""],
            (Database::Postgres, Format::Zoned) => &[
                " = TIMESTAMPTZ '1970-01-01 00:00:00+00' + ",
                " * INTERVAL '1 microsecond'",
            ],
            (Database::Postgres, _) => &[
                " = TIMESTAMP '1970-01-01 00:00:00' + ",
                " * INTERVAL '1 microsecond'",
            ],
            (Database::Mysql, _) => &[" = TIMESTAMPADD(MICROSECOND, ", ", '1970-01-01 00:00:00')"],
            (Database::Sqlite, _) => &[
                " = strftime('%Y-%m-%d %H:%M:%S', ",
                " / 1000000, 'unixepoch') || printf('.%06d', ",
                " % 1000000)",
            ],
        };
        between(around, out, |out| {
            out.push_bind_param::<BigInt, i64>(micros)
        })
    }
}

/// Writes something between each two of the texts.
fn between<'a, 'b, DB: Dialect>(
    texts: &[&str],
    out: &mut AstPass<'a, 'b, DB>,
    what: impl Fn(&mut AstPass<'a, 'b, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            what(out)?;
        }
        out.push_sql(text);
    }
    Ok(())
}
