//! The book: its chapters are in the summary, and its links lead somewhere.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Markdown files of a folder.
fn pages(folder: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(root().join(folder)).expect("a folder");
    let files = files.map(|file| file.expect("a file").path());
    files
        .filter(|file| file.extension().is_some_and(|kind| kind == "md"))
        .collect()
}

/// Where the links of a text lead, and what it includes; no code, no other sites, no places within a page.
fn links(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.split("```").step_by(2).collect();
    let prose = prose.join("");
    let targets = prose.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        (!target.is_empty() && !target.contains("://")).then(|| target.to_owned())
    });
    let included = prose.split("{{#include ").skip(1);
    let included = included.filter_map(|rest| Some(rest.split('}').next()?.to_owned()));
    targets.chain(included).collect()
}

#[test]
fn links_lead_to_files() {
    let mut seen = 0;
    for folder in [".", "docs", "docs/reference"] {
        for page in pages(folder) {
            let text = fs::read_to_string(&page).unwrap();
            for link in links(&text) {
                let target = page.parent().unwrap().join(&link);
                assert!(target.exists(), "{}: {link}", page.display());
                // Pages of the book have no neighbours but its own.
                let is_page = folder != "." && !link.contains("macros/docs");
                assert!(
                    !is_page || !link.starts_with(".."),
                    "{}: {link}",
                    page.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn every_chapter_is_in_the_summary() {
    let summary = links(&fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap());
    for folder in ["docs", "docs/reference"] {
        for page in pages(folder) {
            let name = page.strip_prefix(root().join("docs")).unwrap();
            let name = name.display().to_string();
            let is_there = name == "SUMMARY.md" || summary.contains(&name);
            assert!(is_there, "{name} is not in docs/SUMMARY.md");
        }
    }
}
