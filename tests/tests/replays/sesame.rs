//! Tokens and headers of the reference, by recorded vectors.

use std::path::Path;

use orgscope_tests::sesame::{Outcome, replay};

#[test]
fn tokens_and_headers_are_read_and_issued_as_recorded() {
    let mut outcome = Outcome::default();
    for file in ["vectors_v2.json", "key_rotation.json", "bearer_header.json"] {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sesame");
        let before = outcome.passed;
        replay(&directory.join(file), &mut outcome);
        assert!(outcome.passed > before + 40, "{file}");
    }
    assert_eq!(outcome.failures, [""; 0]);
}
