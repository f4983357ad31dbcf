//! Logins with sessions: by a password, or by a link.

mod asking;
mod begun;
mod links;
mod mails;
mod routes;

use http::{Response, StatusCode};

use crate::web::Answered;

pub(crate) use asking::Asking;
pub(crate) use begun::{csrf, log_in, log_out};
#[cfg(all(feature = "axum", feature = "session"))]
pub(crate) use links::OpenedLink;
pub use links::{LOGIN, LinkPages};
pub(crate) use links::{page, use_link};
pub(crate) use mails::request_link;
pub use mails::{LinkMails, LoginMail, Mailer};
pub(crate) use routes::session_routes;

/// An answer without a body.
fn empty(status: StatusCode) -> Answered {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    Answered(response)
}
