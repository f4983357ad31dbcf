//! Logins: a password for a bearer token, or for a session; a link for a session.
//!
//! [`token_routes`], `session_routes`, `link_routes` and `mail_routes` have the endpoints that most services want. Others write their own handlers with [`Logins`].

#[cfg(feature = "actix-session")]
use std::sync::Arc;

use super::{HasTenancy, Router, public};
#[cfg(feature = "actix-session")]
use crate::body::Body;
use crate::key::Key;
#[cfg(feature = "actix-session")]
use crate::web::login::sessions::{
    Asking, csrf, log_in, log_out, page, request_link, session_routes, use_link,
};
use crate::web::login::{documented, token, token_routes};

#[cfg(feature = "actix-session")]
pub use crate::web::login::sessions::{LOGIN, LinkMails, LinkPages, LoginMail, Mailer};
pub use crate::web::login::{Logins, PasswordLogin, TOKEN_LIFETIME};

token_routes!("actix");

#[cfg(feature = "actix-session")]
session_routes!("actix", actix_session::Session);
