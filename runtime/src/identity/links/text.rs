//! The text of a link: `version ‖ id (16 bytes) ‖ expiry (8 bytes, Unix seconds) ‖ HMAC-SHA256`, in base64url without padding. The signature covers
//! the purpose, so that a link that confirms an address logs nobody in.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::signing::{self, SigningKey};

/// What the signatures are for.
const PURPOSE: &str = "login link";
/// The first byte.
const VERSION: u8 = 1;
/// How many bytes stand before the signature.
const SIGNED: usize = 1 + 16 + 8;

/// A new login link. This is the only time that it can be read; its `Debug` form does not show it.
pub struct LoginLink(SecretString);

impl LoginLink {
    /// A new link, and what is stored of it.
    pub(super) fn generate(
        purpose: &str,
        expires: i64,
        key: &SigningKey,
    ) -> Result<(LoginLink, Vec<u8>), Error> {
        let mut bytes = vec![VERSION; SIGNED];
        getrandom::fill(&mut bytes[1..17]).map_err(Error::unavailable)?;
        bytes[17..].copy_from_slice(&expires.to_be_bytes());
        let digest = digest(&bytes[1..17]);
        let signature = key.sign(PURPOSE, &parts(purpose, &bytes));
        bytes.extend(signature);
        Ok((LoginLink(URL_SAFE_NO_PAD.encode(bytes).into()), digest))
    }

    /// The text to put into an address.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for LoginLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginLink(…)")
    }
}

/// What is signed of a link.
fn parts<'a>(purpose: &'a str, signed: &'a [u8]) -> [&'a [u8]; 2] {
    [purpose.as_bytes(), signed]
}

/// What is stored of a link.
fn digest(id: &[u8]) -> Vec<u8> {
    Sha256::digest(id).to_vec()
}

/// Reads a link: its digest, if it was signed with the key for the purpose, and has not expired. Asks no database.
pub(super) fn read(text: &str, purpose: &str, key: &SigningKey, now: i64) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (signed, signature) = bytes.split_at_checked(SIGNED)?;
    let good = signature.len() == signing::LENGTH
        && key.verify(PURPOSE, &parts(purpose, signed), signature);
    let expires = i64::from_be_bytes(*signed.last_chunk()?);
    (good && signed[0] == VERSION && expires > now).then(|| digest(&signed[1..17]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_with_its_key_for_its_purpose_until_it_expires() {
        let key = SigningKey::new([3; 32]);
        let mut bytes = vec![VERSION; SIGNED];
        bytes[17..].copy_from_slice(&100_i64.to_be_bytes());
        let signature = key.sign(PURPOSE, &parts("login", &bytes));
        bytes.extend(signature);
        let text = URL_SAFE_NO_PAD.encode(&bytes);
        assert_eq!(read(&text, "login", &key, 99), Some(digest(&bytes[1..17])));
        assert_eq!(read(&text, "login", &key, 100), None);
        assert_eq!(read(&text, "confirm", &key, 99), None);
        assert_eq!(read(&text, "login", &SigningKey::new([4; 32]), 99), None);
        for at in 0..text.len() {
            let other = if &text[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert_eq!(read(&changed, "login", &key, 99), None, "{at}");
            assert_eq!(read(&text[..at], "login", &key, 99), None, "{at}");
        }
        assert_eq!(read("é", "login", &key, 99), None);
    }
}
