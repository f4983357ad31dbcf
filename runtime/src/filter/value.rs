//! Values of query strings, whatever their type.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::sql_types::{self, Nullable, is_nullable};

use crate::dialect::Dialect;
use crate::key::RowKey;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// `i32`, also for `SmallInt`.
    Integer,
    /// `i64`.
    BigInt,
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A floating-point number.
    Double,
    /// A UUID.
    #[cfg(feature = "uuid")]
    Uuid,
}

/// The SQL types of columns that a query string can filter by.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` cannot be filtered by a query string [org118]",
    note = "columns of integers, texts, booleans, floating-point numbers and (feature `uuid`) UUIDs can"
)]
pub trait FilterColumn {
    /// What such a column holds.
    const KIND: ValueKind;
}

macro_rules! columns {
    ($($(#[$meta:meta])* $sql:ident => $kind:ident;)*) => {$(
        $(#[$meta])*
        #[diagnostic::do_not_recommend]
        impl FilterColumn for sql_types::$sql {
            const KIND: ValueKind = ValueKind::$kind;
        }
    )*};
}

columns! {
    SmallInt => Integer;
    Integer => Integer;
    BigInt => BigInt;
    Text => Text;
    Bool => Bool;
    Float => Double;
    Double => Double;
    #[cfg(all(feature = "uuid", feature = "postgres"))]
    Uuid => Uuid;
}

#[diagnostic::do_not_recommend]
impl<ST> FilterColumn for Nullable<ST>
where
    ST: FilterColumn + sql_types::SqlType<IsNull = is_nullable::NotNull>,
{
    const KIND: ValueKind = ST::KIND;
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Key(RowKey),
    Bool(bool),
    Double(f64),
}

impl Value {
    /// The value that a text stands for.
    pub(crate) fn parse(kind: ValueKind, text: &str) -> Option<Value> {
        Some(match kind {
            ValueKind::Integer => Value::Key(RowKey::Int(text.parse().ok()?)),
            ValueKind::BigInt => Value::Key(RowKey::BigInt(text.parse().ok()?)),
            ValueKind::Text if text.contains('\0') => return None,
            ValueKind::Text => Value::Key(RowKey::Text(text.to_owned())),
            ValueKind::Bool => Value::Bool(boolean(text)?),
            ValueKind::Double => {
                let number: f64 = text.parse().ok()?;
                Value::Double(Some(number).filter(|number| number.is_finite())?)
            }
            #[cfg(feature = "uuid")]
            ValueKind::Uuid => Value::Key(RowKey::Uuid(text.parse().ok()?)),
        })
    }

    pub(crate) fn bind<'b, DB: Dialect>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            Value::Key(key) => DB::user(key, out),
            Value::Bool(value) => {
                out.push_sql(if *value { "TRUE" } else { "FALSE" });
                Ok(())
            }
            Value::Double(number) => DB::double(number, out),
        }
    }
}

pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "1" => Some(true),
        "false" | "False" | "0" => Some(false),
        _ => None,
    }
}
