//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

/// Two small digits for each byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A text can always be written to.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
