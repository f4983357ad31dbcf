//! Names and passwords, and how often somebody may try them.

use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::body::Body;
use crate::error::Error;
use crate::facts::Facts;
use crate::field_errors::{FieldErrors, codes};
use crate::identity::{
    Account, BearerToken, IdentityStore, LoginCandidate, TokenOptions, now_micros,
};
use crate::key::Key;
use crate::password::{self, Verdict};
use crate::problem::Problem;
use crate::throttle::{Counted, Throttled, Throttles};
use crate::web::{ApiError, FromBody, FromHead, HasTenancy};

/// A login as it is sent: `username` (or the e-mail address) and `password`, in JSON or a form. What is missing is told by field.
#[derive(Clone, Debug)]
pub struct PasswordLogin {
    /// The username, or the e-mail address.
    pub username: String,
    /// The password.
    pub password: SecretString,
}

impl<S: Sync> FromBody<S> for PasswordLogin {
    fn refuse(parts: &Parts) -> Result<(), ApiError> {
        <Body as FromBody<S>>::refuse(parts)
    }

    async fn from_body(parts: Parts, body: Vec<u8>, state: &S) -> Result<Self, ApiError> {
        let body = Body::from_body(parts, body, state).await?;
        let mut errors = FieldErrors::none();
        let username = body.text("username", &mut errors);
        let password = body.text("password", &mut errors);
        match username.zip(password) {
            Some((username, password)) => Ok(PasswordLogin {
                username,
                password: password.into(),
            }),
            None => Err(errors.into()),
        }
    }
}

/// Checks logins. Every attempt, successful or not, counts against two budgets: that of the account and that of the address.
#[derive(Clone)]
pub struct Logins<K: 'static = i32> {
    identity: Arc<dyn IdentityStore<K>>,
    throttles: Arc<Throttles>,
    peer: Option<IpAddr>,
}

impl<S: HasTenancy> FromHead<S> for Logins<S::OrgKey> {
    async fn from_head(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let tenancy = state.tenancy();
        Ok(Logins {
            identity: tenancy.shared_identity(),
            throttles: tenancy.throttles().clone(),
            peer: tenancy.proxies().peer(parts),
        })
    }
}

impl<K: Key> Logins<K> {
    /// The account of a login. A password that is stored under an older hash is hashed again.
    ///
    /// # Errors
    /// 400 `authorization`, the same for a wrong password, an unknown name and an inactive user; 429 when the account or the address
    /// has tried too often; 503 when the database does not answer.
    pub async fn check(&self, login: &PasswordLogin) -> Result<Account<K>, ApiError> {
        let candidate = self.candidate(&login.username).await?;
        let stored = candidate.as_ref().and_then(|one| one.password.clone());
        let verdict = verify(login.password.clone(), stored.clone()).await?;
        let refused = || FieldErrors::one(codes::NON_FIELD, codes::AUTHORIZATION).into();
        let user = match (candidate, verdict) {
            (Some(found), Verdict::Right | Verdict::RightButOld) if found.is_active => found.user,
            _ => return Err(refused()),
        };
        let mut verified = stored.unwrap_or_default();
        if verdict == Verdict::RightButOld {
            let hash = on_blocking_thread(login.password.clone(), password::hash).await??;
            let before = verified.expose_secret().to_owned();
            self.identity.rehash(&user, hash.clone(), before).await?;
            verified = hash.into();
        }
        self.identity.logged_in(&user, now_micros(), None).await?;
        let account = self.identity.by_user(&user, Facts::CALLER).await?;
        // Hashing takes a while: a password that was changed meanwhile is not the one that was verified.
        let account = account.filter(|account| {
            let stored = account.password.as_ref().map(ExposeSecret::expose_secret);
            stored == Some(verified.expose_secret())
        });
        account.ok_or_else(refused)
    }

    /// The user whom a name names, after the attempt was counted.
    pub(crate) async fn candidate(&self, name: &str) -> Result<Option<LoginCandidate>, ApiError> {
        // Databases that pad texts take a name with a space behind it for the same.
        let digest = Sha256::digest(name.trim_end().to_lowercase());
        self.count(&Counted::Name(digest.into()), true).await?;
        let candidate = self.identity.by_login(name).await?;
        // Under another of its names it has no other budget; nobody is counted as well, because that may take a while.
        let user = match &candidate {
            Some(candidate) => Counted::User(candidate.user.clone()),
            None => Counted::Name(Sha256::digest(digest).into()),
        };
        self.count(&user, false).await?;
        Ok(candidate)
    }

    #[cfg(any(all(feature = "axum", feature = "session"), feature = "actix-session"))]
    pub(crate) fn identity(&self) -> &Arc<dyn IdentityStore<K>> {
        &self.identity
    }

    /// Counts an attempt against an account, and, once for each attempt, against the address.
    async fn count(&self, account: &Counted, with_address: bool) -> Result<(), ApiError> {
        let address = self.peer.map_or(Counted::Anybody, Counted::Peer);
        let counted = self
            .throttles
            .check_login(account, with_address.then_some(&address));
        counted.await.map_err(|throttled| match throttled {
            Throttled::For(wait) => Problem::too_many_requests(wait.as_secs() + 1).into(),
            Throttled::Unknown => Problem::unavailable().into(),
            Throttled::Unavailable(error) => error.into(),
        })
    }

    /// Issues a bearer token for an account.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn issue_token(
        &self,
        account: &Account<K>,
        options: TokenOptions,
    ) -> Result<BearerToken, Error> {
        let user = account.principal.user_id();
        self.identity.issue(user, options).await
    }
}

/// Verifies a password; one that nobody has takes as long.
async fn verify(password: SecretString, stored: Option<SecretString>) -> Result<Verdict, Error> {
    on_blocking_thread(password, move |password| match stored {
        Some(stored) => password::verify(password, stored.expose_secret()),
        None => {
            password::pretend_to_verify(password);
            Verdict::Wrong
        }
    })
    .await
}

/// Hashing takes as long as dozens of requests: other requests go on meanwhile.
async fn on_blocking_thread<T: Send + 'static>(
    password: SecretString,
    work: impl FnOnce(&str) -> T + Send + 'static,
) -> Result<T, Error> {
    let working = tokio::task::spawn_blocking(move || work(password.expose_secret()));
    working.await.map_err(Error::unavailable)
}

impl<K> std::fmt::Debug for Logins<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logins")
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}
