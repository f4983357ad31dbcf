//! The text of a token, which scanners for secrets can recognise: `orgscope_`, 64 random hexadecimal digits, and 8 more that check
//! them, the first of the SHA-256 of all before.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::hex;

/// What every token begins with.
const PREFIX: &str = "orgscope_";
/// How many digits check the others.
const CHECK: usize = 8;

/// A new bearer token. This is the only time that it can be read; its `Debug` form does not show it.
pub struct BearerToken(SecretString);

impl BearerToken {
    pub(super) fn generate() -> Result<BearerToken, Error> {
        let mut bits = [0_u8; 32];
        getrandom::fill(&mut bits).map_err(Error::unavailable)?;
        let mut text = format!("{PREFIX}{}", hex::encode(&bits));
        let check = check(&text);
        text.push_str(&check);
        Ok(BearerToken(text.into()))
    }

    /// The text that goes behind `Authorization: Bearer `.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

/// The digits that check a text.
fn check(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..CHECK / 2])
}

/// What is stored of a token; `None` for a text that cannot be one. Tokens of other services have other forms: a migration takes them over
/// with their digests.
///
/// ```
/// use orgscope::identity::token_digest;
/// assert_eq!(token_digest("0123456789abcdef0123456789abcdef01234567").map(|digest| digest.len()), Some(32));
/// assert_eq!(token_digest("orgscope_with-a-mistake-in-it"), None);
/// ```
pub fn token_digest(token: &str) -> Option<Vec<u8>> {
    is_plausible(token).then(|| digest(token))
}

/// Whether a text can be a token.
fn is_plausible(token: &str) -> bool {
    match token.starts_with(PREFIX) {
        true => token
            .len()
            .checked_sub(CHECK)
            .and_then(|at| token.split_at_checked(at))
            .is_some_and(|(text, digits)| check(text) == digits),
        false => true,
    }
}

pub(super) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_token_checks_itself_and_is_not_shown() {
        let token = BearerToken::generate().unwrap();
        let text = token.reveal();
        assert_eq!(text.len(), PREFIX.len() + 64 + CHECK);
        assert!(is_plausible(text));
        for wrong in [
            &text[..80],
            &format!("{text}0"),
            "orgscope_",
            "orgscope_é",
            &text.replace(&text[9..11], "zz"),
        ] {
            assert!(!is_plausible(wrong), "{wrong}");
        }
        assert!(is_plausible("0123456789abcdef0123456789abcdef01234567"));
        assert_eq!(format!("{token:?}"), "BearerToken(…)");
    }
}
