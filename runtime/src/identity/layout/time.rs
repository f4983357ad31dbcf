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
    message = "a column of the SQL type `{Self}` does not hold a time [org121]",
    note = "times are `BigInt` (Unix seconds), `Timestamp` (in UTC), `Timestamptz` or `Date`"
)]
pub trait Time {
    #[doc(hidden)]
    const FORMAT: Format;
}

/// Of them, those that tell moments and not days: a token that was issued on the day of a change is older or younger than it.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` does not tell moments [org121]",
    note = "moments are `BigInt` (Unix seconds), `Timestamp` (in UTC) or `Timestamptz`"
)]
pub trait Moment: Time {}

/// Of them, those that tell moments of the same second apart: a link that is good once is told by them.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` does not tell the logins of one second apart [org121]",
    note = "logins are stored in columns of the type `Timestamp` (in UTC) or `Timestamptz`, with microseconds"
)]
pub trait Instant: Time {}

impl Time for BigInt {
    const FORMAT: Format = Format::Unix;
}
impl Moment for BigInt {}
impl Time for sql_types::Date {
    const FORMAT: Format = Format::Day;
}
impl Time for sql_types::Timestamp {
    const FORMAT: Format = Format::Timestamp;
}
impl Moment for sql_types::Timestamp {}
impl Instant for sql_types::Timestamp {}
#[cfg(feature = "postgres")]
impl Time for sql_types::Timestamptz {
    const FORMAT: Format = Format::Zoned;
}
#[cfg(feature = "postgres")]
impl Moment for sql_types::Timestamptz {}
#[cfg(feature = "postgres")]
impl Instant for sql_types::Timestamptz {}

impl<ST: Time + sql_types::SqlType<IsNull = is_nullable::NotNull>> Time for Nullable<ST> {
    const FORMAT: Format = ST::FORMAT;
}
impl<ST: Moment + sql_types::SqlType<IsNull = is_nullable::NotNull>> Moment for Nullable<ST> {}
impl<ST: Instant + sql_types::SqlType<IsNull = is_nullable::NotNull>> Instant for Nullable<ST> {}

/// A time that does not come, in Unix seconds, to which something may still be added.
const FOREVER: i64 = i64::MAX / 2;

/// Whether a time is one from which on something holds, or until which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Start,
    End,
}

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

    /// Writes it in Unix seconds. What cannot be read is never begun, or over.
    pub(super) fn seconds<DB: Dialect>(
        &self,
        table: &str,
        edge: Edge,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        if matches!(self.format, Format::Unix | Format::Micros) {
            return column(table, self.column, out);
        }
        // A day lasts until it is over.
        let day = match (self.format, edge) {
            (Format::Day, Edge::End) => " + 86400",
            _ => "",
        };
        let unreadable = match edge {
            Edge::Start => FOREVER,
            Edge::End => 0,
        };
        let (before, after) = match DB::DATABASE {
            Database::Postgres => ("CAST(FLOOR(EXTRACT(EPOCH FROM ", ")) AS BIGINT)"),
            Database::Mysql => ("TIMESTAMPDIFF(SECOND, '1970-01-01', ", ")"),
            Database::Sqlite => ("CAST(strftime('%s', ", ") AS INTEGER)"),
        };
        let end = match DB::DATABASE {
            // Before or after all others, which are no numbers of seconds.
            Database::Postgres => vec![
                "CASE WHEN ISFINITE(".to_owned(),
                format!(") THEN {before}"),
                format!("{after}{day} WHEN "),
                format!(" > '1970-01-01' THEN {FOREVER} WHEN "),
                " IS NOT NULL THEN 0 END".to_owned(),
            ],
            Database::Mysql | Database::Sqlite => vec![
                "CASE WHEN ".to_owned(),
                format!(" IS NOT NULL THEN COALESCE({before}"),
                format!("{after}{day}, {unreadable}) END"),
            ],
        };
        let around: Vec<&str> = end.iter().map(String::as_str).collect();
        between(&around, out, |out| column(table, self.column, out))
    }

    /// Writes it in Unix microseconds.
    pub(crate) fn micros<DB: Dialect>(
        &self,
        table: Option<&str>,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        let around: &[&str] = match DB::DATABASE {
            _ if self.format == Format::Micros => &["", ""],
            Database::Postgres => &[
                "CASE WHEN ISFINITE(",
                ") THEN CAST(EXTRACT(EPOCH FROM ",
                ") * 1000000 AS BIGINT) END",
            ],
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
