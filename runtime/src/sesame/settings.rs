//! The settings of django-sesame, and what is refused of them.

use super::Sesame;
use super::account::Revocation;
use super::packer::Packer;
use super::secret::{Secret, SesameKey};

/// How long tokens are good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lifetime(Option<f64>);

impl Lifetime {
    /// So many seconds. Fractions count, as a `timedelta` has them.
    pub const fn seconds(seconds: f64) -> Lifetime {
        Lifetime(Some(seconds))
    }

    /// So many minutes.
    pub const fn minutes(minutes: u32) -> Lifetime {
        // No loss: an f64 holds every u32.
        Lifetime(Some(minutes as f64 * 60.0))
    }

    /// For ever, as django-sesame has it without `SESAME_MAX_AGE`: whoever finds the link in a mailbox years later is let in as long as
    /// the password stays. Only for services that already have such links.
    pub const fn unlimited_on_purpose() -> Lifetime {
        Lifetime(None)
    }
}

/// What is wrong with settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// The secret, or a fallback, is empty: everybody could sign.
    #[error("a secret is empty")]
    EmptySecret,
    /// The lifetime is no number of seconds.
    #[error("a lifetime is a number of seconds; `Lifetime::unlimited_on_purpose` has no end")]
    Lifetime,
    /// Nothing would ever invalidate a token.
    #[error("tokens that never expire have to be invalidated by a change of the password")]
    NothingInvalidates,
    /// No such signature exists.
    #[error("a signature has 1 to 64 bytes")]
    SignatureSize,
    /// The signature can be guessed.
    #[error("a signature under 10 bytes can be guessed; `weak_signatures_on_purpose` accepts it")]
    WeakSignature,
}

/// The settings of a service: those of the Django project whose tokens are to be accepted and issued.
///
/// ```
/// use orgscope::sesame::{Lifetime, Packer, Settings};
/// let sesame = Settings::new("the SECRET_KEY of the project", Packer::I32, Lifetime::minutes(30)).build().unwrap();
/// # let _ = sesame;
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    secret: Secret,
    fallbacks: Vec<Secret>,
    key: Secret,
    lifetime: Lifetime,
    revocation: Revocation,
    packer: Packer,
    field: String,
    signature_size: usize,
    weak: bool,
}

/// The signature size of django-sesame, in bytes.
const SIGNATURE_SIZE: usize = 10;

impl Settings {
    /// The settings with the defaults of django-sesame, but for the age: `SECRET_KEY`, the packer of the user's key, and
    /// `SESAME_MAX_AGE`.
    pub fn new(secret: impl Into<Secret>, packer: Packer, lifetime: Lifetime) -> Settings {
        Settings {
            secret: secret.into(),
            fallbacks: Vec::new(),
            key: Secret::text(""),
            lifetime,
            revocation: Revocation {
                password: true,
                email: false,
                login: false,
            },
            packer,
            field: "pk".to_owned(),
            signature_size: SIGNATURE_SIZE,
            weak: false,
        }
    }

    /// `SECRET_KEY_FALLBACKS`: secrets whose tokens are still accepted.
    pub fn fallbacks(mut self, secrets: impl IntoIterator<Item = Secret>) -> Settings {
        self.fallbacks = secrets.into_iter().collect();
        self
    }

    /// `SESAME_KEY`: changing it invalidates every token.
    pub fn key(mut self, key: impl Into<Secret>) -> Settings {
        self.key = key.into();
        self
    }

    /// `SESAME_ONE_TIME`: a login invalidates the token that it was made with, and all others of the user.
    pub fn one_time(mut self, on: bool) -> Settings {
        self.revocation.login = on;
        self
    }

    /// `SESAME_INVALIDATE_ON_PASSWORD_CHANGE`.
    pub fn invalidate_on_password_change(mut self, on: bool) -> Settings {
        self.revocation.password = on;
        self
    }

    /// `SESAME_INVALIDATE_ON_EMAIL_CHANGE`.
    pub fn invalidate_on_email_change(mut self, on: bool) -> Settings {
        self.revocation.email = on;
        self
    }

    /// `SESAME_PRIMARY_KEY_FIELD`: the name of the column that is in the token. It has to be unique.
    pub fn primary_key_field(mut self, name: impl Into<String>) -> Settings {
        self.field = name.into();
        self
    }

    /// `SESAME_SIGNATURE_SIZE`, in bytes.
    pub fn signature_size(mut self, bytes: usize) -> Settings {
        self.signature_size = bytes;
        self
    }

    /// Accepts a signature size under 10 bytes.
    pub fn weak_signatures_on_purpose(mut self) -> Settings {
        self.weak = true;
        self
    }

    /// Derives the keys.
    ///
    /// # Errors
    /// [`InvalidSettings`]: what django-sesame refuses at its start, and weak signatures.
    pub fn build(self) -> Result<Sesame, InvalidSettings> {
        if self.secret.is_empty() || self.fallbacks.iter().any(Secret::is_empty) {
            return Err(InvalidSettings::EmptySecret);
        }
        if self.lifetime.0.is_some_and(|seconds| !seconds.is_finite()) {
            return Err(InvalidSettings::Lifetime);
        }
        if self.lifetime.0.is_none() && !self.revocation.password {
            return Err(InvalidSettings::NothingInvalidates);
        }
        if !(1..=64).contains(&self.signature_size) {
            return Err(InvalidSettings::SignatureSize);
        }
        if self.signature_size < SIGNATURE_SIZE && !self.weak {
            return Err(InvalidSettings::WeakSignature);
        }
        let packer = self.packer.configured.as_deref().unwrap_or_default();
        let has_age = self.lifetime.0.is_some();
        let secrets = std::iter::once(&self.secret).chain(&self.fallbacks);
        let keys = secrets
            .map(|secret| SesameKey::derive(secret, &self.key, has_age, packer, &self.field));
        Ok(Sesame {
            keys: keys.collect(),
            max_age: self.lifetime.0,
            revocation: self.revocation,
            signature_size: self.signature_size,
            packer: self.packer,
        })
    }
}
