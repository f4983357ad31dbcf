//! What the macros say to mistakes. `TRYBUILD=overwrite cargo test -p orgscope-ui-tests` writes the expected texts anew.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::{Path, PathBuf};

#[test]
fn errors_read_as_expected() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ours/*/*.rs");
    // The compiler's own words differ between its versions.
    if rustc().starts_with(PINNED) {
        cases.compile_fail("rustc/*/*.rs");
    }
}

/// The version whose words `rustc/` expects.
const PINNED: &str = "rustc 1.95.";

fn rustc() -> String {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let version = std::process::Command::new(rustc).arg("--version").output();
    String::from_utf8(version.expect("a compiler").stdout).expect("text")
}

/// Errors are short, and each has its case.
#[test]
fn errors_are_short() {
    for (folder, most) in [("ours", 12.0), ("rustc", 20.0)] {
        let texts = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        assert!(texts.len() >= 25, "{folder}: {}", texts.len());
        let lines: usize = texts.iter().map(|(_, text)| text.lines().count()).sum();
        let mean = lines as f64 / texts.len() as f64;
        assert!(mean <= most, "{folder}: {mean} lines on average");
        for (path, _) in texts {
            assert!(
                path.with_extension("rs").exists(),
                "{} has no case",
                path.display()
            );
        }
    }
}

fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(self::texts(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "stderr")
        {
            let text = std::fs::read_to_string(&path).expect("text");
            texts.push((path, text));
        }
    }
    texts
}
