//! Logins, whatever the framework: a password for a bearer token, or for a session; a link for a session.

pub(crate) mod documented;
mod passwords;
#[cfg(any(all(feature = "axum", feature = "session"), feature = "actix-session"))]
pub(crate) mod sessions;
mod tokens;

pub use passwords::{Logins, PasswordLogin};
pub use tokens::TOKEN_LIFETIME;
pub(crate) use tokens::{token, token_routes};
