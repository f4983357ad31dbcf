//! Who presents a request: a chain of authenticators, each for one kind of credentials.
//!
//! The first that finds a credential of its kind decides. A credential that is refused is final: the others are not asked.

mod bearer;
#[cfg(feature = "sesame")]
mod sesame;
#[cfg(feature = "__session")]
pub mod session;
#[cfg(all(test, feature = "__web"))]
mod tests;

#[cfg(feature = "__web")]
use std::{borrow::Cow, sync::Arc};

use futures_util::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::request::Parts;

pub use bearer::Bearer;
#[cfg(feature = "sesame")]
pub use sesame::SesameLinks;
#[cfg(all(feature = "sesame", feature = "__session", feature = "__web"))]
pub(crate) use sesame::present;
#[cfg(feature = "__session")]
pub use session::Sessions;

use crate::credential::{Presented, read};
use crate::error::{Denied, Error, Reason};
use crate::facts::Facts;
use crate::identity::IdentityStore;
use crate::principal::Principal;

/// A request before its caller is known.
pub struct Unauthenticated<'a, K: 'static> {
    /// The request without its body.
    pub parts: &'a Parts,
    /// What is to be loaded of the caller.
    pub facts: Facts,
    /// Where the service finds its callers.
    pub identity: &'a dyn IdentityStore<K>,
}

impl<K: 'static> Clone for Unauthenticated<'_, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: 'static> Copy for Unauthenticated<'_, K> {}

/// Finds the caller by one kind of credentials.
///
/// ```
/// use futures_util::future::BoxFuture;
/// use orgscope::authenticate::{Authenticator, Unauthenticated};
/// use orgscope::{Denied, Error, Principal, Reason};
///
/// /// Named in `authenticate = [bearer, API_KEY]`.
/// pub const API_KEY: &str = "api-key";
///
/// struct ApiKeys;
///
/// impl Authenticator<i32> for ApiKeys {
///     fn name(&self) -> &str {
///         API_KEY
///     }
///
///     fn authenticate<'a>(
///         &'a self,
///         request: Unauthenticated<'a, i32>,
///     ) -> BoxFuture<'a, Result<Option<Principal<i32>>, Error>> {
///         Box::pin(async move {
///             let Some(key) = request.parts.headers.get("x-api-key") else {
///                 return Ok(None); // no credential of this kind: the next one is asked
///             };
///             let refused = Denied::Unauthenticated(Reason::AuthenticationFailed);
///             let user = request.identity.user_id("7").filter(|_| key == "the key of user 7");
///             let account = request.identity.by_user(&user.ok_or(refused)?, request.facts).await?;
///             // Nobody active: the key is refused, which is another thing than no key.
///             Ok(Some(account.ok_or(refused)?.principal))
///         })
///     }
/// }
/// ```
pub trait Authenticator<K: 'static>: Send + Sync + 'static {
    /// What `authenticate = […]` calls it.
    fn name(&self) -> &str;

    /// The scheme of `WWW-Authenticate` that asks for such credentials, if there is one.
    fn challenge(&self) -> Option<&'static str> {
        None
    }

    /// How the documentation of the API describes such credentials: as the header that [`challenge`](Self::challenge) asks for, unless
    /// it says otherwise. With `None` they are not told, and an endpoint that takes no others looks as if it took none.
    #[cfg(feature = "openapi")]
    fn security_scheme(&self) -> Option<utoipa::openapi::security::SecurityScheme> {
        self.challenge().map(crate::openapi::header)
    }

    /// The caller; `None` if the request has no credential of this kind.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] for a credential that is refused, always with the same reason; [`Error::Unavailable`] when it
    /// could not be asked.
    fn authenticate<'a>(
        &'a self,
        request: Unauthenticated<'a, K>,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>>;
}

/// The authenticators of a service, in the order in which they are asked.
#[cfg(feature = "__web")]
pub(crate) struct Chain<K: 'static>(Vec<Arc<dyn Authenticator<K>>>);

#[cfg(feature = "__web")]
impl<K: 'static> Clone for Chain<K> {
    fn clone(&self) -> Self {
        Chain(self.0.clone())
    }
}

#[cfg(feature = "__web")]
impl<K: crate::key::Key> Default for Chain<K> {
    fn default() -> Self {
        Chain(vec![Arc::new(Bearer)])
    }
}

/// The endpoint names an authenticator that the service does not have.
#[cfg(feature = "__web")]
#[derive(Debug)]
pub(crate) struct NoSuchAuthenticator(pub(crate) &'static str);

#[cfg(feature = "__web")]
impl<K: 'static> Chain<K> {
    /// Puts one at the end, in place of an older one with the same name.
    pub(crate) fn add(&mut self, authenticator: impl Authenticator<K>) {
        self.0.retain(|one| one.name() != authenticator.name());
        self.0.push(Arc::new(authenticator));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Those that an endpoint names, or all.
    pub(crate) fn of(&self, names: &[&'static str]) -> Result<Picked<'_, K>, NoSuchAuthenticator> {
        if names.is_empty() {
            return Ok(Picked(Cow::Borrowed(&self.0)));
        }
        let find = |name: &&'static str| {
            let found = self.0.iter().find(|one| one.name() == *name);
            found.cloned().ok_or(NoSuchAuthenticator(name))
        };
        let named: Result<Vec<_>, _> = names.iter().map(find).collect();
        Ok(Picked(Cow::Owned(named?)))
    }
}

/// The authenticators of one endpoint.
#[cfg(feature = "__web")]
pub(crate) struct Picked<'a, K: 'static>(Cow<'a, [Arc<dyn Authenticator<K>>]>);

#[cfg(feature = "__web")]
impl<K: 'static> Picked<'_, K> {
    /// What a 401 asks for: bearer tokens where they are accepted at all (SEMANTICS 10.2).
    pub(crate) fn challenge(&self) -> Option<&'static str> {
        let challenges = || self.0.iter().filter_map(|one| one.challenge());
        let bearer = challenges().find(|scheme| *scheme == Bearer::SCHEME);
        bearer.or_else(|| challenges().next())
    }

    /// Their names, and how the documentation of the API describes them.
    #[cfg(feature = "openapi")]
    pub(crate) fn security_schemes(
        &self,
    ) -> impl Iterator<Item = (&str, utoipa::openapi::security::SecurityScheme)> {
        let told = self.0.iter();
        told.filter_map(|one| Some((one.name(), one.security_scheme()?)))
    }

    /// The caller; `None` if there is no credential of any kind.
    pub(crate) async fn authenticate(
        &self,
        request: Unauthenticated<'_, K>,
    ) -> Result<Option<Principal<K>>, Error> {
        for authenticator in self.0.iter() {
            if let Some(principal) = authenticator.authenticate(request).await? {
                return Ok(Some(principal));
            }
        }
        Ok(None)
    }
}

/// The error of a credential that is refused, whatever is wrong with it.
pub(crate) fn refused() -> Error {
    Error::Denied(Denied::Unauthenticated(Reason::AuthenticationFailed))
}

/// What the `Authorization` header says to the authenticator of a scheme; `None` if it says nothing.
///
/// # Errors
/// [`Denied::Unauthenticated`] for a header of the scheme without a credential, and for two headers.
pub fn header_credential<'a>(parts: &'a Parts, scheme: &str) -> Result<Option<&'a str>, Error> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else {
        return Ok(None);
    };
    if headers.next().is_some() {
        return Err(refused());
    }
    match read(scheme, header.as_bytes()) {
        Presented::Nothing => Ok(None),
        Presented::Malformed(_) => Err(refused()),
        Presented::Token(token) => Ok(Some(token)),
    }
}
