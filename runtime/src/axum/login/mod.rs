//! Logins: a password for a bearer token, or for a session; a link for a session.
//!
//! [`routes`] has the endpoints that most services want. Others write their own handlers with [`Logins`].

#[cfg(feature = "session")]
mod links;
mod passwords;
mod routes;

#[cfg(feature = "session")]
pub use links::{LOGIN, LinkPages, link_routes};
pub use passwords::{Logins, PasswordLogin};
pub use routes::{TOKEN_LIFETIME, routes};
