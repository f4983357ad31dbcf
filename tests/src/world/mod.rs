//! The world of the recorded decisions: its models, its endpoints, and its rows as a `world.json` describes them.

pub mod authentication;
pub mod django;
pub mod endpoints;
pub mod inputs;
pub mod models;
pub mod nested;
pub mod resources;
pub mod routes;
pub mod rows;

/// The keys of users and organizations.
pub type Key = orgscope::DjangoUuid;
/// The state of the services.
pub type Tenancy = orgscope::axum::Tenancy<orgscope::AnyPool, Key>;
/// Who calls.
pub type Principal = orgscope::Principal<Key>;

/// The key with a number.
pub const fn key(number: u128) -> Key {
    orgscope::DjangoUuid(uuid::Uuid::from_u128(number))
}

/// A key as it stands in SQL: PostgreSQL reads the digits as well.
pub fn quoted(key: Key) -> String {
    format!("'{}'", key.0.simple())
}
