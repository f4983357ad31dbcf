//! `Authorization: sesame …`, and `?sesame=…` where it is switched on.

use futures_util::future::BoxFuture;

use super::{Authenticator, Unauthenticated, header_credential, refused};
use crate::error::Error;
use crate::identity::{self, now, now_micros};
use crate::key::Key;
use crate::principal::Principal;
use crate::sesame::{Account, Sesame};

/// Tokens of django-sesame, in the header `Authorization: sesame …`.
#[derive(Clone, Debug)]
pub struct SesameLinks {
    sesame: Sesame,
    scope: String,
    parameter: Option<String>,
}

impl SesameLinks {
    /// Its name in `authenticate = […]`, and the scheme of the header.
    pub const NAME: &'static str = "sesame";

    /// Tokens of the default scope.
    pub fn new(sesame: Sesame) -> SesameLinks {
        SesameLinks {
            sesame,
            scope: String::new(),
            parameter: None,
        }
    }

    /// The same for tokens of another scope.
    pub fn scope(mut self, scope: impl Into<String>) -> SesameLinks {
        self.scope = scope.into();
        self
    }

    /// The same, with tokens in a query parameter as well (`sesame`, as django-sesame calls it). Addresses stand in logs and histories:
    /// prefer a page that [consumes the link](crate::axum::login).
    pub fn in_query(mut self, parameter: impl Into<String>) -> SesameLinks {
        self.parameter = Some(parameter.into());
        self
    }

    /// The token of a query string: the last one wins.
    fn in_query_string(&self, query: Option<&str>) -> Option<String> {
        let parameter = self.parameter.as_deref()?;
        let pairs = form_urlencoded::parse(query?.as_bytes());
        let mut values = pairs.filter(|(name, _)| name == parameter);
        let last = values.by_ref().last()?;
        Some(last.1.into_owned())
    }
}

impl<K: Key> Authenticator<K> for SesameLinks {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn challenge(&self) -> Option<&'static str> {
        Some(Self::NAME)
    }

    fn authenticate<'a>(
        &'a self,
        request: Unauthenticated<'a, K>,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>> {
        Box::pin(async move {
            let in_header = header_credential(request.parts, Self::NAME)?;
            let in_query = self.in_query_string(request.parts.uri.query());
            let Some(token) = in_header.map(str::to_owned).or(in_query) else {
                return Ok(None);
            };
            let found = present(&self.sesame, &token, &self.scope, request).await?;
            let found = found.map(|account| account.principal);
            found.map(Some).ok_or_else(refused)
        })
    }
}

/// The account of a token; `None` if it is refused. A token for one use is used.
pub(crate) async fn present<K: Key>(
    sesame: &Sesame,
    token: &str,
    scope: &str,
    request: Unauthenticated<'_, K>,
) -> Result<Option<identity::Account<K>>, Error> {
    let refused = |rejected| {
        tracing::debug!(%rejected, "a magic link is refused");
        Ok(None)
    };
    let read = match sesame.read(token, now(), None) {
        Ok(read) => read,
        Err(rejected) => return refused(rejected),
    };
    let store = request.identity;
    let user = store.user_id(&read.key().to_string());
    let found = match &user {
        Some(user) => store.by_user(user, request.facts).await?,
        None => None,
    };
    let account = found.as_ref().map_or_else(Account::default, Account::of);
    // Nobody's token is verified as well: it takes as long.
    let verified = sesame.verify(&read, &account, scope);
    let (Some(user), Some(found)) = (user, found) else {
        return refused(crate::sesame::Rejected::UnknownOrInactiveUser);
    };
    if let Err(rejected) = verified {
        return refused(rejected);
    }
    if sesame.is_one_time() {
        let first = store.logged_in(&user, now_micros(), Some(found.last_login));
        if !first.await? {
            return refused(crate::sesame::Rejected::BadSignature);
        }
    }
    Ok(Some(found))
}
