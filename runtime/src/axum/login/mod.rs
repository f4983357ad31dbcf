//! Logins: a password for a bearer token, or for a session; a link for a session.
//!
//! [`token_routes`], `session_routes` and `link_routes` have the endpoints that most services want. Others write their own handlers with [`Logins`].

#[cfg(feature = "session")]
mod links;
mod passwords;
mod routes;

#[cfg(feature = "session")]
pub use links::{LOGIN, LinkPages, link_routes};
pub use passwords::{Logins, PasswordLogin};
#[cfg(feature = "session")]
pub use routes::session_routes;
pub use routes::{TOKEN_LIFETIME, token_routes};
