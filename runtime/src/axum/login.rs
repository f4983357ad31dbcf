//! Logins: a password for a bearer token, or for a session; a link for a session.
//!
//! [`token_routes`], `session_routes`, `link_routes` and `mail_routes` have the endpoints that most services want. Others write their own handlers with [`Logins`].

#[cfg(feature = "session")]
use std::sync::Arc;

use super::{HasTenancy, Router, public};
#[cfg(feature = "session")]
use crate::body::Body;
use crate::key::Key;
#[cfg(feature = "session")]
use crate::web::login::sessions::{
    Asking, csrf, log_in, log_out, page, request_link, session_routes, use_link,
};
use crate::web::login::{documented, token, token_routes};

#[cfg(feature = "session")]
pub use crate::web::login::sessions::{LOGIN, LinkMails, LinkPages, LoginMail, Mailer};
pub use crate::web::login::{Logins, PasswordLogin, TOKEN_LIFETIME};

token_routes!("axum");

#[cfg(feature = "session")]
session_routes!("axum", tower_sessions::Session);
