//! A key that signs what a client keeps and brings back: cursors, links, form tokens.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::error::Error;

/// A secret of 256 bits. What it signs is only good for the purpose that it was signed for. Its `Debug` form does not show it.
///
/// ```
/// use orgscope::signing::SigningKey;
/// let key = SigningKey::from_hex(&"0f".repeat(32)).unwrap();
/// assert!(SigningKey::from_hex("short").is_none());
/// # let _ = key;
/// ```
#[derive(Clone)]
pub struct SigningKey(Arc<SecretBox<[u8; 64]>>);

/// How many bytes a signature has.
pub(crate) const LENGTH: usize = 32;

impl SigningKey {
    /// A key of these bytes, which have to be random.
    pub fn new(bytes: [u8; 32]) -> SigningKey {
        // As HMAC takes it: filled up with zeros to the size of a block.
        let mut block = Box::new([0; 64]);
        block[..32].copy_from_slice(&bytes);
        SigningKey(Arc::new(SecretBox::new(block)))
    }

    /// A key written as 64 hexadecimal digits, as a setting holds it; `None` for another text.
    pub fn from_hex(text: &str) -> Option<SigningKey> {
        let mut bytes = [0; 32];
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
        }
        Some(SigningKey::new(bytes))
    }

    /// A new key. What it signs is good until the process ends, and in this process only.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the operating system has no randomness.
    pub fn random() -> Result<SigningKey, Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(Error::unavailable)?;
        Ok(SigningKey::new(bytes))
    }

    /// Signs parts for a purpose.
    pub(crate) fn sign(&self, purpose: &str, parts: &[&[u8]]) -> [u8; LENGTH] {
        self.mac(purpose, parts).finalize().into_bytes().into()
    }

    /// Whether this is the signature of the parts. Takes as long for a wrong one as for the right one.
    pub(crate) fn verify(&self, purpose: &str, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.mac(purpose, parts).verify_slice(signature).is_ok()
    }

    /// Every part with its length before it, so that no two lists of parts are the same bytes.
    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(self.0.expose_secret().into());
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_its_key_purpose_and_parts_only() {
        let key = SigningKey::new([7; 32]);
        let signature = key.sign("cursor", &[b"ab", b"c"]);
        assert!(key.verify("cursor", &[b"ab", b"c"], &signature));
        for (purpose, parts) in [
            ("cursor", [&b"a"[..], b"bc"]),
            ("cursor", [b"ab", b"d"]),
            ("link", [b"ab", b"c"]),
        ] {
            assert!(!key.verify(purpose, &parts, &signature));
        }
        assert!(!key.verify("cursor", &[b"ab", b"c"], &signature[..31]));
        assert!(!SigningKey::new([8; 32]).verify("cursor", &[b"ab", b"c"], &signature));
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", SigningKey::new([7; 32])), "SigningKey(…)");
        assert!(SigningKey::from_hex(&"é".repeat(32)).is_none());
    }

    #[test]
    fn a_key_is_read_from_its_digits() {
        let bytes: [u8; 32] = std::array::from_fn(|at| (37 * at + 9) as u8);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let signature = SigningKey::new(bytes).sign("", &[]);
        for text in [text.clone(), text.to_uppercase()] {
            let key = SigningKey::from_hex(&text);
            assert!(key.is_some_and(|key| key.verify("", &[], &signature)));
        }
        for text in [
            &text[2..],
            &text[1..],
            &format!("{text}00"),
            &text.replace('9', "g"),
            "",
        ] {
            assert!(SigningKey::from_hex(text).is_none(), "{text}");
        }
    }
}
