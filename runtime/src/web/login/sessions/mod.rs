//! Logins with sessions: by a password, or by a link.

mod asking;
mod begun;
mod links;
mod mails;
mod routes;

pub(crate) use asking::Asking;
pub(crate) use begun::{csrf, log_in, log_out};
#[cfg(all(feature = "axum", feature = "session"))]
pub(crate) use links::OpenedLink;
pub use links::{LOGIN, LinkPages};
pub(crate) use links::{page, use_link};
pub(crate) use mails::request_link;
pub use mails::{LinkMails, LoginMail, Mailer};
pub(crate) use routes::session_routes;
