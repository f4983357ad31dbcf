//! What is made of the tables of keys that the readers have: those in the documentation (`docs/keys/org_scoped.md`, and so on), and the modules that
//! editors complete from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::keys::Key;
use crate::org_scoped::relation::{DEPENDENT_KEYS, MANY_KEYS, RELATION_KEYS};
use crate::{bundle, filter, input, org_scoped, policy, protected};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// The page of a macro, and the tables on it: what they are of, and their keys.
type Page = (&'static str, &'static [(&'static str, &'static [Key])]);

const PAGES: &[Page] = &[
    (
        "org_scoped",
        &[
            ("key of `#[org_scoped(…)]`", org_scoped::attributes::KEYS),
            ("key within `relation(…)`", RELATION_KEYS),
            ("key within `many(…)`", MANY_KEYS),
            ("key within `dependents(…)`", DEPENDENT_KEYS),
        ],
    ),
    (
        "org_input",
        &[
            (
                "key of `#[org_input(…)]` on the struct",
                input::attributes::KEYS,
            ),
            ("key on a field", input::field::KEYS),
        ],
    ),
    (
        "org_filter",
        &[("key of `#[org_filter(…)]`", filter::attributes::KEYS)],
    ),
    (
        "protected",
        &[("key of `#[protected(policy, …)]`", protected::words::KEYS)],
    ),
    (
        "policy",
        &[("key behind a policy, ended by `;`", bundle::KEYS)],
    ),
];

fn table(of: &str, keys: &[Key]) -> String {
    let mut table = format!("| {of} | says | wrong |\n| --- | --- | --- |\n");
    for Key {
        example,
        says,
        wrong,
        ..
    } in keys
    {
        let _ = writeln!(table, "| `{example}` | {says} | {wrong} |");
    }
    table
}

/// Run with `ORGSCOPE_BLESS=1` to write them anew.
#[test]
fn tables_say_what_is_read() {
    for (page, tables) in PAGES {
        let tables: Vec<String> = tables.iter().map(|(of, keys)| table(of, keys)).collect();
        let head = "\n## Keys\n\nWhat is commonly wrong with one has a code, under which `docs/errors.md` explains it.\n\n";
        let written = head.to_owned() + &tables.join("\n");
        let file = PathBuf::from(DOCS).join(format!("keys/{page}.md"));
        if std::env::var_os("ORGSCOPE_BLESS").is_some() {
            std::fs::write(&file, &written).expect("a file");
        }
        assert_eq!(
            std::fs::read_to_string(&file).expect("a table"),
            written,
            "{page}"
        );
    }
}

/// A module for each word, with what it says.
fn modules(words: impl Iterator<Item = (String, String)>) -> String {
    let words: BTreeMap<String, String> = words.filter(|(word, _)| word != "crate").collect();
    let mut modules = String::new();
    for (word, says) in words {
        let name = match syn::parse_str::<syn::Ident>(&word) {
            Ok(_) => word,
            Err(_) => format!("r#{word}"),
        };
        let says = capitalized(&says);
        let _ = write!(modules, "    /// {says}\n    pub mod {name} {{}}\n");
    }
    modules
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Run with `ORGSCOPE_BLESS=1` to write them anew.
#[test]
fn editors_complete_what_is_read() {
    let mut written = "//! Keys and atoms of attributes as modules, for editors; the tests of orgscope-macros write them.\n".to_owned();
    for (page, tables) in PAGES.iter().filter(|(page, _)| *page != "policy") {
        let keys = tables.iter().flat_map(|(_, keys)| *keys);
        let keys = keys.map(|key| (key.name.to_owned(), format!("{}.", key.says)));
        let atoms = policy::atoms().into_iter().filter(|_| *page == "protected");
        let modules = modules(keys.chain(atoms));
        let _ = write!(
            written,
            "\n/// Of the page `{page}`.\npub mod {page} {{\n{modules}}}\n"
        );
    }
    let file = format!("{DOCS}/../../runtime/src/completion.rs");
    if std::env::var_os("ORGSCOPE_BLESS").is_some() {
        std::fs::write(&file, &written).expect("a file");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), written);
}

/// Every key has an example that is compiled.
#[test]
fn every_key_is_in_an_example() {
    for (page, tables) in PAGES {
        let text = std::fs::read_to_string(format!("{DOCS}/{page}.md")).expect("a page");
        // Every other part stands between fences; the word behind the first is the language.
        let examples = text.split("```").skip(1).step_by(2);
        let examples = examples.filter(|example| example.starts_with("rust\n"));
        let lines = examples.flat_map(str::lines);
        let code = lines.map(|line| line.split_once("//").map_or(line, |(code, _)| code));
        let code = code.filter(|line| !line.contains("diesel::table!"));
        let examples = code.collect::<Vec<_>>().join("\n");
        for Key { name, .. } in tables.iter().flat_map(|(_, keys)| *keys) {
            let word = |letter: char| letter.is_alphanumeric() || letter == '_';
            let is_there = examples
                .split(|letter| !word(letter))
                .any(|word| word == *name);
            assert!(is_there, "no example on {page}.md has `{name}`");
        }
    }
}
