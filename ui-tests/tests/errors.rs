//! What the macros say to mistakes. `TRYBUILD=overwrite cargo test -p orgscope-ui-tests` writes the expected texts anew.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;
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

/// One error for each mistake, and no type that only the macros know: a case with several mistakes says so in its first line, `(3 mistakes)`.
#[test]
fn errors_are_told_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut more = Vec::new();
    for (path, text) in ["ours", "rustc"]
        .map(|folder| texts(&root.join(folder)))
        .concat()
    {
        let case = std::fs::read_to_string(path.with_extension("rs")).expect("a case");
        let told = text
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        if told != mistakes(&case) {
            let name = path
                .strip_prefix(root)
                .expect("a case of these")
                .with_extension("");
            more.push(format!("{}: {told}", name.display()));
        }
        // Those of axum's own macro are not ours.
        let hidden = text.replace("__axum_macros", "");
        assert!(
            !hidden.contains("__protected") && !hidden.contains("__OrgKey"),
            "{}",
            path.display()
        );
    }
    more.sort();
    assert_eq!(more, TOLD_AGAIN);
}

/// The mistakes of a case: one, unless its first line says how many.
fn mistakes(case: &str) -> usize {
    let first = case.lines().next().unwrap_or_default();
    let said = first
        .split_once(" mistakes)")
        .and_then(|(before, _)| before.rsplit_once('('));
    said.map_or(1, |(_, number)| {
        number.parse().expect("a number of mistakes")
    })
}

/// What the compiler tells more than once: it asks again for the type, the bound or the method that the mistake concerns, and the first of its errors
/// is the one to read. A case that leaves this list does not come back.
const TOLD_AGAIN: &[&str] = &[
    "ours/many/name_of_the_organization: 2",
    "rustc/controller/helper_as_handler: 2",
    "rustc/controller/outline_module: 2",
    "rustc/filter/no_filter: 2",
    "rustc/filter/table_missing: 2",
    "rustc/handler/associated_function: 3",
    "rustc/handler/model_without_org_scoped: 2",
    "rustc/input/many_of_other_keys: 2",
    "rustc/input/nested_is_no_input: 4",
    "rustc/input/null_where_there_is_none: 2",
    "rustc/many/target_column_missing: 2",
    "rustc/pages/cursor_without_direction: 2",
    "rustc/path/parent_with_composite_key: 2",
    "rustc/path/parent_without_org_scoped: 4",
    "rustc/query/load_on_no_connection: 2",
    "rustc/router/axum_routes: 2",
    "rustc/router/object_not_selectable: 2",
    "rustc/router/parent_not_selectable: 2",
    "rustc/router/parent_without_key: 2",
    "rustc/router/unprotected_handler: 2",
    "rustc/rows/other_table: 2",
    "rustc/write/insert_no_input: 3",
    "rustc/write/insert_of_another_model: 2",
    "rustc/write/update_of_another_model: 2",
];

/// Our messages end with a code, under which `docs/errors.md` explains them, and that page explains no others.
#[test]
fn errors_are_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut shown = BTreeSet::new();
    for (path, text) in ["ours", "rustc"]
        .map(|folder| texts(&root.join(folder)))
        .concat()
    {
        let is_ours = path.starts_with(root.join("ours"));
        shown.extend(codes(&text));
        for line in text.lines().filter(|line| line.starts_with("error")) {
            let told =
                is_ours && line.starts_with("error:") || line.contains("evaluation panicked");
            assert!(!told || line.ends_with(']'), "{}: {line}", path.display());
        }
    }
    let page = std::fs::read_to_string(root.join("../docs/errors.md")).expect("a page");
    let titles = page.lines().filter_map(|line| line.strip_prefix("### "));
    let explained: BTreeSet<String> = titles.map(str::to_owned).collect();
    let sources = ["../macros/src", "../runtime/src"].map(|folder| sources(&root.join(folder)));
    let told: BTreeSet<String> = sources
        .concat()
        .iter()
        .flat_map(|text| codes(text))
        .collect();
    assert_eq!(told, explained);
    // What no case can show: a message that only a build tells, not a check, and one about features.
    let unseen: Vec<_> = explained.difference(&shown).map(String::as_str).collect();
    assert_eq!(unseen, ["org124", "org47"], "no case shows them");
    // Each with a mistake, and how it is mended.
    for section in page.split("### ").skip(1) {
        let has = |sign: &str| section.lines().any(|line| line.starts_with(sign));
        assert!(has("- ") && has("+ "), "{section}");
    }
}

/// The codes in a text: `[org02]`.
fn codes(text: &str) -> Vec<String> {
    let parts = text.split("[org").skip(1);
    let numbers = parts.filter_map(|part| part.split_once(']').map(|(number, _)| number));
    let numbers = numbers.filter(|number| number.parse::<u16>().is_ok());
    numbers.map(|number| format!("org{number}")).collect()
}

fn sources(folder: &Path) -> Vec<String> {
    files(folder, "rs")
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    files(folder, "stderr")
}

fn files(folder: &Path, extension: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(self::files(&path, extension));
        } else if path.extension().is_some_and(|other| other == extension) {
            let text = std::fs::read_to_string(&path).expect("text");
            files.push((path, text));
        }
    }
    files
}
