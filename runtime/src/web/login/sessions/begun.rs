//! Logins with a session: to begin it, to end it, and to show that a request comes from its own site.

use http::StatusCode;
use secrecy::ExposeSecret;
use serde_json::json;

use super::asking::Asking;
use crate::authenticate::session::{self, KeepsLogin};
use crate::error::{Denied, Reason};
use crate::key::Key;
use crate::web::login::passwords::{Logins, PasswordLogin};
use crate::web::login::tokens::secret;
use crate::web::{Answered, ApiError};

pub(crate) async fn log_in<S, K: Key, Session: KeepsLogin>(
    logins: Logins<K>,
    session: Session,
    asking: Asking<S>,
    login: PasswordLogin,
) -> Result<Answered, ApiError> {
    session::refuse_other_sites(&asking.parts)?;
    let account = logins.check(&login).await?;
    let csrf = session::log_in(&session, &account).await?;
    Ok(secret(&json!({ "csrf_token": csrf.expose_secret() })))
}

pub(crate) async fn csrf<Session: KeepsLogin>(session: Session) -> Result<Answered, ApiError> {
    let csrf = session::csrf_token(&session).await?;
    let csrf = csrf.ok_or(Denied::Unauthenticated(Reason::NotAuthenticated))?;
    Ok(secret(&json!({ "csrf_token": csrf.expose_secret() })))
}

/// Another site could log somebody out, so that this takes the token as well.
pub(crate) async fn log_out<S, Session: KeepsLogin>(
    session: Session,
    asking: Asking<S>,
) -> Result<Answered, ApiError> {
    if let Some(csrf) = session::csrf_token(&session).await?
        && !session::is_from_here(&asking.parts, csrf.expose_secret())
    {
        return Err(Denied::Forbidden(Reason::Csrf).into());
    }
    session::log_out(&session).await?;
    Ok(Answered::empty(StatusCode::NO_CONTENT))
}
