//! Logins: a password for a bearer token, or for a session; a link for a session.
//!
//! [`token_routes`], `session_routes`, `link_routes` and `mail_routes` have the endpoints that most services want. Others write their own handlers with [`Logins`].

#[cfg(feature = "session")]
mod links;
#[cfg(feature = "session")]
mod mails;
mod passwords;
mod routes;

#[cfg(feature = "session")]
pub use links::{LOGIN, LinkPages, link_routes};
#[cfg(feature = "session")]
pub use mails::{LinkMails, LoginMail, Mailer, mail_routes};
pub use passwords::{Logins, PasswordLogin};
#[cfg(feature = "session")]
pub use routes::session_routes;
pub use routes::{TOKEN_LIFETIME, token_routes};
