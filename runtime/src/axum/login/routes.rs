//! The endpoints of logins.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde_json::{Value, json};

use super::passwords::{Logins, PasswordLogin};
use crate::axum::{ApiError, HasTenancy, Router, public};
use crate::identity::{TokenOptions, now};
use crate::key::Key;

/// How long a bearer token of [`token_routes`] is accepted, in seconds: 30 days.
pub const TOKEN_LIFETIME: i64 = 30 * 24 * 60 * 60;

/// Secrets are not for caches.
type Secret = ([(HeaderName, &'static str); 1], Json<Value>);

fn secret(value: Value) -> Secret {
    ([(CACHE_CONTROL, "no-store")], Json(value))
}

const REASON: &str = "who logs in is not yet known";

/// `POST /token` answers a name and a password with a new bearer token.
///
/// ```
/// use orgscope::axum::{Router, Tenancy, login};
/// let router: Router<Tenancy> = Router::new().merge(login::token_routes());
/// # let _ = router;
/// ```
pub fn token_routes<S, K>() -> Router<S>
where
    S: HasTenancy<OrgKey = K> + Clone + 'static,
    K: Key,
{
    Router::new().post("/token", public(REASON, token::<K>))
}

/// `POST /login` begins a session and answers with its CSRF token, `GET /csrf` tells that token again, and `POST /logout` ends the session.
/// The application needs the layer of [tower-sessions](https://docs.rs/tower-sessions), and the authenticator
/// [`Sessions`](crate::authenticate::Sessions).
///
/// ```
/// use orgscope::axum::{Router, Tenancy, login};
/// let router: Router<Tenancy> = Router::new().merge(login::session_routes());
/// # let _ = router;
/// ```
#[cfg(feature = "session")]
pub fn session_routes<S, K>() -> Router<S>
where
    S: HasTenancy<OrgKey = K> + Clone + 'static,
    K: Key,
{
    Router::new()
        .post("/login", public(REASON, sessions::log_in::<K>))
        .get("/csrf", public("the session's own token", sessions::csrf))
        .post(
            "/logout",
            public("whoever leaves, leaves", sessions::log_out),
        )
}

async fn token<K: Key>(logins: Logins<K>, login: PasswordLogin) -> Result<Secret, ApiError> {
    let account = logins.check(&login).await?;
    let options = TokenOptions {
        name: "login".to_owned(),
        expires_at: Some(now() + TOKEN_LIFETIME),
        ..TokenOptions::default()
    };
    let token = logins.issue_token(&account, options).await?;
    Ok(secret(json!({ "token": token.reveal() })))
}

#[cfg(feature = "session")]
mod sessions {
    use axum::http::StatusCode;
    use axum::http::request::Parts;
    use secrecy::ExposeSecret;
    use tower_sessions::Session;

    use super::*;
    use crate::authenticate::session;
    use crate::error::{Denied, Reason};

    pub(super) async fn log_in<K: Key>(
        logins: Logins<K>,
        session: Session,
        parts: Parts,
        login: PasswordLogin,
    ) -> Result<Secret, ApiError> {
        session::refuse_other_sites(&parts)?;
        let account = logins.check(&login).await?;
        let csrf = session::log_in(&session, &account).await?;
        Ok(secret(json!({ "csrf_token": csrf.expose_secret() })))
    }

    pub(super) async fn csrf(session: Session) -> Result<Secret, ApiError> {
        let csrf = session::csrf_token(&session).await?;
        let csrf = csrf.ok_or(Denied::Unauthenticated(Reason::NotAuthenticated))?;
        Ok(secret(json!({ "csrf_token": csrf.expose_secret() })))
    }

    /// Another site could log somebody out, so that this takes the token as well.
    pub(super) async fn log_out(session: Session, parts: Parts) -> Result<StatusCode, ApiError> {
        if let Some(csrf) = session::csrf_token(&session).await?
            && !session::is_from_here(&parts, csrf.expose_secret())
        {
            return Err(Denied::Forbidden(Reason::Csrf).into());
        }
        session::log_out(&session).await?;
        Ok(StatusCode::NO_CONTENT)
    }
}
