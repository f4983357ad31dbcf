//! Magic links as [django-sesame](https://pypi.org/project/django-sesame/) issues them (its format v2, bit for bit), for services
//! that take over its users and the links in their mailboxes. New services use [login links](crate::identity::issue_link) instead.
//!
//! ```
//! use orgscope::sesame::{Account, Lifetime, Packer, Settings, TokenKey};
//! let sesame = Settings::new("the SECRET_KEY of the project", Packer::I32, Lifetime::minutes(30)).build().unwrap();
//! let account = Account { password: Some("pbkdf2_sha256$…".into()), ..Account::default() };
//! let now = 1_700_000_000;
//! let token = sesame.issue(&TokenKey::Int(7), &account, "", now).unwrap();
//! let read = sesame.read(&token, now + 60, None).unwrap();
//! assert_eq!(*read.key(), TokenKey::Int(7)); // loads the account of this user…
//! assert!(sesame.verify(&read, &account, "").is_ok());
//! assert!(sesame.read(&token, now + 1_800, None).is_err());
//! ```
//!
//! Two things are refused that django-sesame accepts: other spellings of a token (base64 leaves bits unused, and only the spelling with
//! zeros there is accepted), and its older format v1.

mod account;
mod packer;
mod secret;
mod settings;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

pub use account::{Account, LastLogin};
pub use packer::{CustomPacker, Packer, TokenKey};
pub use secret::Secret;
pub use settings::{InvalidSettings, Lifetime, Settings};

use account::Revocation;
use secret::SesameKey;

/// Issues and verifies tokens. Made from [`Settings`].
#[derive(Clone, Debug)]
pub struct Sesame {
    /// The one that signs, and those whose tokens are still accepted.
    keys: Vec<SesameKey>,
    max_age: Option<f64>,
    revocation: Revocation,
    signature_size: usize,
    packer: Packer,
}

/// 2020-01-01T00:00:00Z: the time in tokens begins here.
const EPOCH: i64 = 1_577_836_800;

/// Why a token is refused: for logs and tests. What is answered is the same for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It has characters that no token has, or too few.
    #[error("this is not the text of a token")]
    UnsupportedFormat,
    /// It is not base64, or another spelling of a token.
    #[error("the token cannot be decoded")]
    Undecodable,
    /// The key of the user cannot be read.
    #[error("the token has no key")]
    NoPrimaryKey,
    /// The time is missing.
    #[error("the token has no time")]
    NoTimestamp,
    /// The signature has another size.
    #[error("the token has no signature")]
    NoSignature,
    /// It is too old.
    #[error("the token has expired")]
    Expired,
    /// There is no such user, or it is not active.
    #[error("no active user has this key")]
    UnknownOrInactiveUser,
    /// It was not signed for this account as it is now, or not by this service, or not for this scope.
    #[error("the signature is not that of the account")]
    BadSignature,
}

/// Why no token can be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotIssued {
    /// The key does not fit the packer.
    #[error("the key of the user does not fit")]
    Key,
    /// The clock is beyond 2088-01-19.
    #[error("the time does not fit")]
    Time,
    /// The e-mail address is NULL and counts.
    #[error("the account has no e-mail address")]
    Email,
}

/// A token that was read, but not verified.
#[derive(Clone)]
pub struct Unverified {
    key: TokenKey,
    /// What stands before the signature.
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl std::fmt::Debug for Unverified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unverified")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Unverified {
    /// The key of the user that the token claims to be of.
    pub fn key(&self) -> &TokenKey {
        &self.key
    }
}

impl Sesame {
    /// A token for a user, good for one scope. `now` is in Unix seconds.
    ///
    /// # Errors
    /// [`NotIssued`], for keys, times and accounts that do not fit.
    pub fn issue(
        &self,
        key: &TokenKey,
        account: &Account,
        scope: &str,
        now: i64,
    ) -> Result<String, NotIssued> {
        let mut bytes = self.packer.pack(key).ok_or(NotIssued::Key)?;
        if self.max_age.is_some() {
            let time = i32::try_from(now.saturating_sub(EPOCH)).map_err(|_| NotIssued::Time)?;
            bytes.extend(time.to_be_bytes());
        }
        let revocation = self.revocation.text(account).ok_or(NotIssued::Email)?;
        // There is always one: the settings have a secret.
        let signing = self.keys.first().ok_or(NotIssued::Key)?;
        let parts = [&bytes, revocation.as_bytes(), scope.as_bytes()];
        let signature = signing.sign(&parts, self.signature_size);
        bytes.extend(signature);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a token and looks at its age. `now` is in Unix seconds; `max_age`, in seconds, replaces that of the settings, where they
    /// have one.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn read(
        &self,
        token: &str,
        now: i64,
        max_age: Option<f64>,
    ) -> Result<Unverified, Rejected> {
        let is_text = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if token.len() < 4 || !token.bytes().all(is_text) {
            return Err(Rejected::UnsupportedFormat);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token);
        let bytes = bytes.map_err(|_| Rejected::Undecodable)?;
        let (key, mut rest) = self.packer.unpack(&bytes).ok_or(Rejected::NoPrimaryKey)?;
        let mut issued = None;
        if self.max_age.is_some() {
            let (time, after) = rest.split_first_chunk().ok_or(Rejected::NoTimestamp)?;
            issued = Some(i64::from(i32::from_be_bytes(*time)));
            rest = after;
        }
        if rest.len() != self.signature_size {
            return Err(Rejected::NoSignature);
        }
        if let (Some(issued), Some(configured)) = (issued, self.max_age) {
            let age = now.saturating_sub(EPOCH).saturating_sub(issued);
            // No loss that matters: ages have at most 34 bits.
            #[allow(clippy::cast_precision_loss)]
            let is_young = (age as f64) < max_age.unwrap_or(configured);
            if !is_young {
                return Err(Rejected::Expired);
            }
        }
        let (signed, signature) = bytes.split_at(bytes.len() - rest.len());
        Ok(Unverified {
            key,
            signed: signed.to_vec(),
            signature: signature.to_vec(),
        })
    }

    /// Verifies a token with the account that it claims to be of, for a scope. Takes as long for a wrong one as for a right one.
    ///
    /// # Errors
    /// [`Rejected::BadSignature`].
    pub fn verify(
        &self,
        token: &Unverified,
        account: &Account,
        scope: &str,
    ) -> Result<(), Rejected> {
        let revocation = self
            .revocation
            .text(account)
            .ok_or(Rejected::BadSignature)?;
        let parts = [&token.signed, revocation.as_bytes(), scope.as_bytes()];
        let mut good = subtle::Choice::from(0);
        for key in &self.keys {
            good |= key
                .sign(&parts, self.signature_size)
                .ct_eq(&token.signature);
        }
        match good.into() {
            true => Ok(()),
            false => Err(Rejected::BadSignature),
        }
    }

    /// Whether a login invalidates the token that it was made with.
    pub fn is_one_time(&self) -> bool {
        self.revocation.login
    }
}
