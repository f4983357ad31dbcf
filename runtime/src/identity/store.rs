//! Where a web service finds its callers.

use futures_util::future::BoxFuture;

use super::account::{Account, LoginCandidate};
use super::layout::Layout;
use super::links::{LinkOptions, LoginLink};
use super::tokens::{BearerToken, TokenOptions};
use crate::error::{Denied, Error};
use crate::facts::Facts;
use crate::key::UserId;
use crate::principal::Principal;
use crate::signing::SigningKey;

/// Finds callers by what they present. Only [`by_token`](IdentityStore::by_token) has to be there; without the others nobody logs in with
/// sessions, links or passwords.
pub trait IdentityStore<K: 'static>: Send + Sync + 'static {
    /// The active user of a bearer token that is known and has not expired, with the facts that are asked for.
    ///
    /// # Errors
    /// Whatever keeps the store from answering; never "no such token", which is `None`.
    fn by_token<'a>(
        &'a self,
        token: &'a str,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Principal<K>>, Error>>;

    /// In which tables statements find users, organizations and groups; `None` where the principals say.
    fn layout(&self) -> Option<&'static Layout> {
        None
    }

    /// The key of a user that a text stands for: there is one text for each key.
    fn user_id(&self, text: &str) -> Option<UserId> {
        let _ = text;
        None
    }

    /// The active user with this key.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn by_user<'a>(
        &'a self,
        user: &'a UserId,
        facts: Facts,
    ) -> BoxFuture<'a, Result<Option<Account<K>>, Error>> {
        let _ = (user, facts);
        nobody()
    }

    /// The user, active or not, with this username, or the only one with this e-mail address in any case.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn by_login<'a>(
        &'a self,
        identifier: &'a str,
    ) -> BoxFuture<'a, Result<Option<LoginCandidate>, Error>> {
        let _ = identifier;
        nobody()
    }

    /// Notes a login at a time in Unix microseconds. With `before`, only if the last login is still that: `false` if somebody else was
    /// faster.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn logged_in<'a>(
        &'a self,
        user: &'a UserId,
        micros: i64,
        before: Option<Option<i64>>,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        let _ = (user, micros, before);
        Box::pin(async { Ok(false) })
    }

    /// Stores the same password under another hash, if it is still stored under the one before: somebody may just have changed it.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn rehash<'a>(
        &'a self,
        user: &'a UserId,
        hash: String,
        before: String,
    ) -> BoxFuture<'a, Result<(), Error>> {
        let _ = (user, hash, before);
        Box::pin(async { Ok(()) })
    }

    /// Uses a login link of a purpose: the key of its user, if it is good.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn use_link<'a>(
        &'a self,
        link: &'a str,
        purpose: &'a str,
        key: &'a SigningKey,
    ) -> BoxFuture<'a, Result<Option<UserId>, Error>> {
        let _ = (link, purpose, key);
        nobody()
    }

    /// Issues a login link.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn issue_link<'a>(
        &'a self,
        user: &'a UserId,
        options: LinkOptions<'a>,
        key: &'a SigningKey,
    ) -> BoxFuture<'a, Result<LoginLink, Error>> {
        let _ = (user, options, key);
        Box::pin(async { Err(Error::Denied(Denied::NotFound)) })
    }

    /// Issues a bearer token.
    ///
    /// # Errors
    /// As [`by_token`](IdentityStore::by_token).
    fn issue<'a>(
        &'a self,
        user: &'a UserId,
        options: TokenOptions,
    ) -> BoxFuture<'a, Result<BearerToken, Error>> {
        let _ = (user, options);
        Box::pin(async { Err(Error::Denied(Denied::NotFound)) })
    }
}

fn nobody<'a, T: 'a>() -> BoxFuture<'a, Result<Option<T>, Error>> {
    Box::pin(async { Ok(None) })
}
