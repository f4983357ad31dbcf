//! Two versions of orgscope in one tree: a model of the one is no model of the other, and the compiler says why.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const USER: &str = r#"
use diesel::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, other::OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(crate = other)]
pub struct Device { pub id: i32, pub organization_id: i32 }

#[orgscope::protected(member)]
pub async fn list(_devices: orgscope::Scoped<Device>) {}
"#;

#[test]
fn two_versions_in_a_tree_are_told_apart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = root.join("target/tests");
    let place = target.join("two-versions");
    let _ = fs::remove_dir_all(&place);
    // The same sources under another version.
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = manifest.find("members = ").expect("a list of members");
    let end = members + manifest[members..].find('\n').expect("an end of it");
    let other = format!(
        "{}members = [\"macros\", \"runtime\"]{}",
        &manifest[..members],
        &manifest[end..]
    );
    write(
        &place.join("other/Cargo.toml"),
        &other.replace("0.1.0", "0.0.9"),
    );
    for name in ["macros", "runtime", "docs"] {
        copy(&root.join(name), &place.join("other").join(name));
    }
    fs::copy(root.join("README.md"), place.join("other/README.md")).unwrap();
    let user = format!(
        "[package]\nname = \"two-versions\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         diesel = {{ version = \"2.3\", default-features = false }}\n\
         orgscope = {{ path = {:?}, default-features = false, features = [\"axum\", \"sqlite\"] }}\n\
         other = {{ package = \"orgscope\", path = \"../other/runtime\", default-features = false, features = [\"axum\", \"sqlite\"] }}\n",
        root.join("runtime").canonicalize().unwrap()
    );
    write(&place.join("user/Cargo.toml"), &user);
    write(&place.join("user/src/lib.rs"), USER);
    fs::copy(root.join("Cargo.lock"), place.join("user/Cargo.lock")).unwrap();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let checked = Command::new(cargo)
        .args(["check", "--offline", "--quiet", "--manifest-path"])
        .arg(place.join("user/Cargo.toml"))
        .env("CARGO_TARGET_DIR", target.join("trybuild"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(said.contains("[org105]"), "{said}");
    let sentence =
        "there are multiple different versions of crate `orgscope` in the dependency graph";
    assert!(said.contains(sentence), "{said}");
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).unwrap();
    fs::write(path, text).unwrap();
}

fn copy(from: &Path, to: &PathBuf) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}
