//! How pages look, and what they may load: nothing.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The style sheet, which stands in each page.
pub(super) const SHEET: &str = include_str!("style.css");

/// The `Content-Security-Policy` of pages: this style sheet, forms to the service itself, and nothing else.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(SHEET));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});
