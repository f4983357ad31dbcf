//! `Authorization: Bearer …`

use futures_util::future::BoxFuture;

use super::{Authenticator, Unauthenticated, header_credential, refused};
use crate::error::Error;
use crate::key::Key;
use crate::principal::Principal;

/// Bearer tokens, which the store of the service knows. Every service accepts them unless it says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bearer;

impl Bearer {
    /// Its name in `authenticate = […]`.
    pub const NAME: &'static str = "bearer";
    /// The scheme of the header.
    pub(super) const SCHEME: &'static str = "Bearer";
}

impl<K: Key> Authenticator<K> for Bearer {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn challenge(&self) -> Option<&'static str> {
        Some(Self::SCHEME)
    }

    #[cfg(feature = "openapi")]
    fn security_scheme(&self) -> Option<utoipa::openapi::security::SecurityScheme> {
        Some(crate::openapi::bearer())
    }

    fn authenticate<'a>(
        &'a self,
        request: Unauthenticated<'a, K>,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>> {
        Box::pin(async move {
            let Some(token) = header_credential(request.parts, Self::SCHEME)? else {
                return Ok(None);
            };
            let found = request.identity.by_token(token, request.facts).await?;
            found.map(Some).ok_or_else(refused)
        })
    }
}
