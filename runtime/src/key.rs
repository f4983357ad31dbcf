//! Keys of users and organizations: `i32`, `i64`, `String`, and `Uuid` on PostgreSQL.

use std::fmt;
#[cfg(feature = "sqlite")]
use std::sync::OnceLock;

use crate::dialect::Database;
use diesel::sql_types::{self, Nullable, SingleValue, is_nullable};

/// A type that can be the key of users or organizations.
pub trait Key:
    Clone + Ord + fmt::Debug + fmt::Display + serde::Serialize + Send + Sync + Unpin + 'static
{
    /// The SQL type of a column that holds such a key.
    type SqlType: SingleValue
        + sql_types::SqlType<IsNull = is_nullable::NotNull>
        + diesel::query_builder::QueryId
        + Send
        + Sync
        + 'static;

    /// The column type of such a key in the bundled tables.
    fn column(database: Database) -> &'static str;

    /// Whether the key is a text, which databases may compare without regard to case.
    const IS_TEXT: bool;

    /// The key as the id of a user.
    fn user_id(&self) -> UserId;

    /// The key that a text stands for: there is one text for each key.
    fn read(text: &str) -> Option<Self>;

    /// The same as the key of a row.
    fn parse(text: &str) -> Option<RowKey> {
        Self::read(text).map(|key| key.user_id())
    }

    /// Keys as a JSON array of what columns hold.
    fn json(keys: &[Self]) -> String {
        json(keys)
    }
}

macro_rules! keys {
    ($($(#[$meta:meta])* $key:ty = $sql:ident, $column:literal, $text:literal, $variant:ident;)*) => {$(
        $(#[$meta])*
        impl Key for $key {
            type SqlType = sql_types::$sql;
            const IS_TEXT: bool = $text;

            fn column(_database: Database) -> &'static str {
                $column
            }

            fn user_id(&self) -> UserId {
                UserId::$variant(self.clone())
            }

            // For one of the types the text is the key.
            #[allow(clippy::cmp_owned)]
            fn read(text: &str) -> Option<Self> {
                let key = text.parse::<$key>().ok()?;
                // `+7` and `007` are other texts for 7; no database has a NUL in a text.
                (key.to_string() == text && !text.contains('\0')).then_some(key)
            }
        }

        $(#[$meta])*
        #[diagnostic::do_not_recommend]
        impl KeyColumn for sql_types::$sql {
            type Key = $key;
        }
    )*};
}

keys! {
    i32 = Integer, "INTEGER", false, Int;
    i64 = BigInt, "BIGINT", false, BigInt;
    String = Text, "VARCHAR(190)", true, Text;
    #[cfg(all(feature = "uuid", feature = "postgres"))]
    uuid::Uuid = Uuid, "UUID", false, Uuid;
}

/// The SQL type of a column that holds organization keys, and the Rust type of those keys.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` cannot hold the key of an organization [org111]",
    note = "organization keys are `Integer` (i32), `BigInt` (i64), `Text` (String) or, with the feature `uuid`, `Uuid` and `DjangoUuid`"
)]
pub trait KeyColumn {
    /// The Rust type of the keys.
    type Key: Key;
}

#[diagnostic::do_not_recommend]
impl<ST> KeyColumn for Nullable<ST>
where
    ST: KeyColumn + sql_types::SqlType<IsNull = is_nullable::NotNull>,
{
    type Key = ST::Key;
}

/// The id of a user, whatever its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(untagged)]
pub enum UserId {
    /// An `i32`.
    Int(i32),
    /// An `i64`.
    BigInt(i64),
    /// A text.
    Text(String),
    /// A UUID.
    #[cfg(feature = "uuid")]
    Uuid(uuid::Uuid),
}

/// The key of a row, whatever its type: one of those that keys of users have.
pub type RowKey = UserId;

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UserId::Int(id) => id.fmt(f),
            UserId::BigInt(id) => id.fmt(f),
            UserId::Text(id) => id.fmt(f),
            #[cfg(feature = "uuid")]
            UserId::Uuid(id) => id.fmt(f),
        }
    }
}

/// Keys as a JSON array.
pub(crate) fn json<T: serde::Serialize>(keys: &[T]) -> String {
    // Integers and texts always serialise; were one not to, the empty array shows nothing.
    serde_json::to_string(keys).unwrap_or_else(|_| "[]".into())
}

/// A set of organization keys, ready to be bound in any dialect.
#[derive(Debug)]
pub struct KeySet<K> {
    keys: Vec<K>,
    #[cfg(feature = "sqlite")]
    json: OnceLock<String>,
}

impl<K: Key> KeySet<K> {
    pub(crate) fn new(keys: Vec<K>) -> KeySet<K> {
        KeySet {
            keys,
            #[cfg(feature = "sqlite")]
            json: OnceLock::new(),
        }
    }

    pub(crate) fn keys(&self) -> &Vec<K> {
        &self.keys
    }

    /// The keys as a JSON array: how SQLite takes a set as one bind.
    #[cfg(feature = "sqlite")]
    pub(crate) fn json(&self) -> &str {
        self.json.get_or_init(|| K::json(&self.keys))
    }
}

/// Reads the keys in a column of the SQL type `ST` from text, if they are [`Key`]s: its own constant comes before that of
/// [`NoKeyText`].
#[derive(Debug)]
pub struct KeyText<ST>(std::marker::PhantomData<fn() -> ST>);

impl<ST: KeyColumn> KeyText<ST> {
    /// The key that a text stands for.
    pub const PARSE: fn(&str) -> Option<RowKey> = <ST::Key as Key>::parse;
}

/// What stands for keys of other types: no text is one.
pub trait NoKeyText {
    /// None.
    const PARSE: fn(&str) -> Option<RowKey> = |_| None;
}

impl<ST> NoKeyText for KeyText<ST> {}
