//! Secrets as Django's settings have them, and the keys that are derived from them.

use std::fmt;
use std::sync::Arc;

use blake2b_simd::Params;
use secrecy::{ExposeSecret, SecretBox, SecretString};

/// A secret of the settings: text, or bytes, which are another secret than text with the same content.
#[derive(Clone)]
pub struct Secret {
    text: SecretString,
    is_empty: bool,
}

impl Secret {
    /// A text.
    pub fn text(text: impl Into<String>) -> Secret {
        let text = text.into();
        Secret {
            is_empty: text.is_empty(),
            text: text.into(),
        }
    }

    /// Bytes. They are taken as Python writes them (`b'…'`), because that is what django-sesame hashes.
    pub fn bytes(bytes: &[u8]) -> Secret {
        Secret {
            text: python_literal(bytes).into(),
            is_empty: bytes.is_empty(),
        }
    }

    pub(super) fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret::text(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Bytes as Python's `repr` writes them.
fn python_literal(bytes: &[u8]) -> String {
    let quote = match bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        true => '"',
        false => '\'',
    };
    let mut text = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'\'' if quote == '\'' => text.push_str("\\'"),
            0x20..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text.push(quote);
    text
}

/// A key that signs tokens.
#[derive(Clone)]
pub(super) struct SesameKey(Arc<SecretBox<[u8; 64]>>);

impl SesameKey {
    /// The key of a secret, bound to the settings that change what a token is.
    pub(super) fn derive(
        secret: &Secret,
        extra: &Secret,
        has_age: bool,
        packer: &str,
        field: &str,
    ) -> SesameKey {
        let age = if has_age { "max_age" } else { "" };
        let joined = [secret.expose(), extra.expose(), age, packer, field].join("|");
        let hash = Params::new()
            .hash_length(64)
            .personal(b"sesame.settings\0")
            .hash(joined.as_bytes());
        SesameKey(Arc::new(SecretBox::new(Box::new(*hash.as_array()))))
    }

    /// The signature of parts, of 1 to 64 bytes.
    pub(super) fn sign(&self, parts: &[&[u8]], size: usize) -> Vec<u8> {
        let mut state = Params::new()
            .hash_length(size)
            .key(self.0.expose_secret())
            .personal(b"sesame.tokens_v2")
            .to_state();
        for part in parts {
            state.update(part);
        }
        state.finalize().as_bytes().to_vec()
    }
}

impl fmt::Debug for SesameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SesameKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_python_does() {
        for (bytes, text) in [
            (&b"plain"[..], "b'plain'"),
            (b"it's", "b\"it's\""),
            (b"it's \"it\"", "b'it\\'s \"it\"'"),
            (b"\\ \n\r\t\x00\xff", "b'\\\\ \\n\\r\\t\\x00\\xff'"),
        ] {
            assert_eq!(python_literal(bytes), text);
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(format!("{:?}", Secret::text("hidden")), "Secret(…)");
    }
}
