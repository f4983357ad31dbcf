//! What the macros make of their examples, as files that people read: `docs/expansions/model.rs` from `from_model.rs`, and so on.

use std::path::PathBuf;
use std::process::Command;

use proc_macro2::TokenStream;

use crate::mutations::{Use, uses};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/expansions");

/// The expansion of a file's uses. That the macros name everything by its whole path goes without saying.
fn expanded(name: &str) -> String {
    let uses = uses(&PathBuf::from(FOLDER).join(format!("from_{name}.rs")));
    assert!(!uses.is_empty(), "{name}");
    let expanded: TokenStream = uses.iter().map(Use::expand).collect();
    let text = expanded.to_string();
    let text = text.replace(":: orgscope :: macros :: ", "");
    [
        "option", "default", "marker", "result", "convert", "clone", "ops",
    ]
    .iter()
    .fold(text, |text, module| {
        text.replace(&format!(":: core :: {module} :: "), "")
    })
    .replace(":: core :: ", "")
}

/// Run with `ORGSCOPE_BLESS=1` to write them anew, and read the difference.
#[test]
fn expansions_are_as_they_are_shown() {
    for name in ["model", "handler", "function", "input", "filter", "policy"] {
        let file = PathBuf::from(FOLDER).join(format!("{name}.rs"));
        let expanded = expanded(name);
        if std::env::var_os("ORGSCOPE_BLESS").is_some() {
            std::fs::write(&file, &expanded).expect("a file");
            let mut rustfmt = Command::new("rustfmt");
            rustfmt
                .args([
                    "--edition",
                    "2024",
                    "--config",
                    "max_width=160,use_small_heuristics=Max",
                ])
                .arg(&file);
            assert!(rustfmt.status().expect("rustfmt").success());
        }
        let shown = std::fs::read_to_string(&file).expect("the expansion");
        // The layout is rustfmt's, which adds and takes away commas and braces as well.
        let letters = |text: &str| -> String {
            let letters = text
                .chars()
                .filter(|letter| !letter.is_whitespace() && !",{}".contains(*letter));
            letters.collect()
        };
        assert_eq!(letters(&shown), letters(&expanded), "{name}");
    }
}

/// Whoever reviews a handler reads what the macro makes of it at one glance.
#[test]
fn what_a_handler_becomes_is_short() {
    let shown = std::fs::read_to_string(format!("{FOLDER}/handler.rs")).expect("the expansion");
    let made = shown.lines().skip_while(|line| !line.starts_with('#'));
    assert!(made.count() < 15);
}
