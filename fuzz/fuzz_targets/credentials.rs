//! `Authorization` headers and the tokens in them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgscope::credential::{Presented, read};
use orgscope::identity::token_digest;

fuzz_target!(|header: &[u8]| {
    for scheme in ["Bearer", "sesame"] {
        if let Presented::Token(token) = read(scheme, header) {
            assert!(!token.is_empty());
            assert!(!token.bytes().any(|byte| byte.is_ascii_whitespace()));
            let digest = token_digest(token);
            assert_eq!(digest, token_digest(token));
            assert!(digest.is_none_or(|digest| digest.len() == 32));
        }
    }
});
