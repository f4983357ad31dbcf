//! A password for a bearer token.

use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::passwords::{Logins, PasswordLogin};
use crate::identity::{TokenOptions, now};
use crate::key::Key;
use crate::web::{Answered, ApiError};

/// How long a bearer token of `token_routes` is accepted, in seconds: 30 days.
pub const TOKEN_LIFETIME: i64 = 30 * 24 * 60 * 60;

/// Answers a name and a password with a new bearer token.
pub(crate) async fn token<K: Key>(
    logins: Logins<K>,
    login: PasswordLogin,
) -> Result<Answered, ApiError> {
    let account = logins.check(&login).await?;
    let options = TokenOptions {
        name: "login".to_owned(),
        expires_at: Some(now() + TOKEN_LIFETIME),
        ..TokenOptions::default()
    };
    let token = logins.issue_token(&account, options).await?;
    Ok(secret(&json!({ "token": token.reveal() })))
}

/// A secret is not for caches.
pub(super) fn secret(value: &Value) -> Answered {
    Answered::new(StatusCode::OK, "application/json", value.to_string())
        .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// `token_routes` of a framework: their routers have the same methods, but no common trait, because what each takes as a handler is its own.
macro_rules! token_routes {
    ($framework:literal) => {
        /// `POST /token` answers a name and a password with a new bearer token.
        ///
        /// ```
        #[doc = concat!("use orgscope::", $framework, "::{Router, Tenancy, login};")]
        /// let router: Router<Tenancy> = Router::new().merge(login::token_routes());
        /// # let _ = router;
        /// ```
        pub fn token_routes<S, K>() -> Router<S>
        where
            S: HasTenancy<OrgKey = K> + Clone + 'static,
            K: Key,
        {
            let reason = "who logs in is not yet known";
            let handler = documented::token(public(reason, token::<K>));
            Router::new().post("/token", handler)
        }
    };
}

pub(crate) use token_routes;
