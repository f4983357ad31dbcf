//! Sessions of [tower-sessions](https://docs.rs/tower-sessions) or [actix-session](https://docs.rs/actix-session), whose layer and store
//! the service chooses.
//!
//! What a session holds: the user, a digest of the stored password that it was made with (another one ends it), and a token that shows
//! that a request comes from the site itself. Requests that change something have to send that token, as `X-CSRF-Token`, unless the
//! browser vouches for them (`Sec-Fetch-Site: same-origin`); others are 403.

#[cfg(feature = "actix-session")]
pub(crate) mod actix;
mod keeps;
#[cfg(feature = "session")]
mod tower;

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use self::keeps::{Keeps, LoggedIn};
use super::{Authenticator, Unauthenticated};
use crate::error::{Denied, Error, Reason};
use crate::hex;
use crate::identity::Account;
use crate::key::Key;
use crate::principal::Principal;
use crate::signing::SigningKey;

/// The header that shows that a request comes from the site itself.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// Callers who have logged in with a session.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sessions;

impl Sessions {
    /// Its name in `authenticate = […]`.
    pub const NAME: &'static str = "session";
}

/// A session that keeps a login: tower-sessions' and actix-session's, and no others.
///
/// actix-session loads a session before the handler, for every request with its cookie, and stores it with the answer: a store that does not
/// answer is a 500 of its middleware, and never an [`Error::Unavailable`] of ours. The middleware has to be there; without it, nobody is logged in. Its store has to be on the server: with `CookieSessionStore`, a copied cookie outlives a logout.
pub trait KeepsLogin: Keeps {}

impl<T: Keeps> KeepsLogin for T {}

/// The login that came with a request.
async fn of_request(parts: &http::request::Parts) -> Result<Option<LoggedIn>, Error> {
    #[cfg(feature = "session")]
    if let Some(session) = parts.extensions.get::<tower_sessions::Session>() {
        return session.login().await;
    }
    Ok(parts.extensions.get::<LoggedIn>().cloned())
}

/// The token that the forms of a page send, if the request came with a login.
#[cfg(feature = "browsable")]
pub(crate) async fn csrf_of_request(parts: &http::request::Parts) -> Option<String> {
    of_request(parts)
        .await
        .ok()
        .flatten()
        .map(|login| login.csrf)
}

impl<K: Key> Authenticator<K> for Sessions {
    fn name(&self) -> &str {
        Self::NAME
    }

    #[cfg(feature = "openapi")]
    fn security_scheme(&self) -> Option<utoipa::openapi::security::SecurityScheme> {
        Some(crate::openapi::cookie())
    }

    fn authenticate<'a>(
        &'a self,
        request: Unauthenticated<'a, K>,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>> {
        Box::pin(async move {
            let parts = request.parts;
            let Some(logged_in) = of_request(parts).await? else {
                return Ok(None);
            };
            let Some(user) = request.identity.user_id(&logged_in.user) else {
                return Ok(None);
            };
            let Some(account) = request.identity.by_user(&user, request.facts).await? else {
                return Ok(None);
            };
            let password = digest(account.password.as_ref());
            if !bool::from(password.as_bytes().ct_eq(logged_in.password.as_bytes())) {
                return Ok(None);
            }
            if !parts.method.is_safe() && !is_from_here(parts, &logged_in.csrf) {
                return Err(Denied::Forbidden(Reason::Csrf).into());
            }
            Ok(Some(account.principal))
        })
    }
}

/// Whether a request shows that it comes from the site itself.
pub(crate) fn is_from_here(parts: &http::request::Parts, csrf: &str) -> bool {
    let header = |name: &str| parts.headers.get(name).map(http::HeaderValue::as_bytes);
    let sent = header(CSRF_HEADER).unwrap_or_default();
    header("sec-fetch-site") == Some(b"same-origin") || bool::from(sent.ct_eq(csrf.as_bytes()))
}

/// Refuses a login that the page of another site sends: it could log somebody in as somebody else, who then reads along.
///
/// # Errors
/// 403 `csrf`. Clients that are no browsers do not say where they come from, and may.
pub fn refuse_other_sites(parts: &http::request::Parts) -> Result<(), Denied> {
    match parts.headers.get("sec-fetch-site") {
        Some(site) if site != "same-origin" && site != "none" => {
            Err(Denied::Forbidden(Reason::Csrf))
        }
        _ => Ok(()),
    }
}

/// What a session keeps of a password.
fn digest(password: Option<&SecretString>) -> String {
    let password = password.map_or("", |password| password.expose_secret());
    hex::encode(&Sha256::digest(format!("orgscope session {password}")))
}

/// Logs a user in: the session gets another id, so that nobody who knew the old one is logged in as well. What the service keeps in the
/// session stays, unless it was another user's. Returns the token that requests which change something have to send.
///
/// # Errors
/// [`Error::Unavailable`] when the store of sessions does not answer.
pub async fn log_in<K: Key>(
    session: &impl KeepsLogin,
    account: &Account<K>,
) -> Result<SecretString, Error> {
    let user = account.principal.user_id().to_string();
    let before = session.login().await?;
    let anew = before.is_some_and(|before| before.user != user);
    let csrf = hex::encode(&SigningKey::random()?.sign("csrf", &[]));
    let logged_in = LoggedIn {
        user,
        password: digest(account.password.as_ref()),
        csrf: csrf.clone(),
    };
    session.begin(logged_in, anew).await?;
    Ok(csrf.into())
}

/// Logs the user out: the session is gone, also from a store on the server.
///
/// # Errors
/// [`Error::Unavailable`] when the store of sessions does not answer.
pub async fn log_out(session: &impl KeepsLogin) -> Result<(), Error> {
    session.end().await
}

/// The token that requests of this session which change something have to send; `None` if nobody is logged in.
///
/// # Errors
/// [`Error::Unavailable`] when the store of sessions does not answer.
pub async fn csrf_token(session: &impl KeepsLogin) -> Result<Option<SecretString>, Error> {
    Ok(session.login().await?.map(|login| login.csrf.into()))
}
