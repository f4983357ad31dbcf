//! What the macros cost whoever uses them: CPU time of `cargo check`, dependencies apart, of crates that are made for it. The same endpoints
//! with orgscope and with predicates by hand, which check less; a model with and without the derive; and a clean build with and without the
//! macros.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sources::{by_hand, models, ours};

/// How many models the crates have, each with three handlers.
const MODELS: usize = 100;

/// Of so many runs the fastest counts: others had the machine to share.
const RUNS: usize = 5;

/// The same of whole builds, which take longer.
const CLEAN_RUNS: usize = 3;

fn main() {
    if !Path::new("/proc/self/stat").exists() {
        println!("the CPU time of other processes is read from /proc, which is not here");
        return;
    }
    let ours = check("ours", &ours(MODELS), ORGSCOPE);
    let other = check("by-hand", &by_hand(MODELS), BY_HAND);
    row(&format!("handlers={}/vs=by-hand", 3 * MODELS), ours, other);
    let with = check("with-derive", &models(MODELS, true), ORGSCOPE);
    let without = check("without-derive", &models(MODELS, false), ORGSCOPE);
    let each = (with - without) / MODELS as f64;
    println!("bench compile/derive=OrgScoped ours={each:.2} unit=cpu-ms-per-model");
    let (with, without) = (
        clean("with-macros", MACROS),
        clean("without-macros", DIESEL),
    );
    let cost = (with - without) / 1000.0;
    println!("bench compile/clean-build-of-macros ours={cost:.2} unit=cpu-s");
}

fn row(name: &str, ours: f64, other: f64) {
    let ratio = ours / other;
    println!("bench compile/{name} ours={ours:.0} other={other:.0} ratio={ratio:.3} unit=cpu-ms");
}

const DIESEL: &str = "diesel.workspace = true";
const MACROS: &str = "diesel.workspace = true\norgscope-macros.workspace = true";
const BY_HAND: &str = "axum = { workspace = true, features = [\"json\", \"query\", \"tokio\"] }
diesel.workspace = true
diesel-async = { workspace = true, features = [\"deadpool\", \"postgres\"] }
http.workspace = true
serde.workspace = true";
const ORGSCOPE: &str = "axum = { workspace = true, features = [\"json\", \"query\", \"tokio\"] }
diesel.workspace = true
diesel-async = { workspace = true, features = [\"deadpool\", \"postgres\"] }
orgscope = { workspace = true, features = [\"axum\", \"postgres\"] }
serde.workspace = true";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A crate with the versions of this workspace; where it is.
fn make(name: &str, source: &str, dependencies: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("compile")
        .join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = workspace
        .split("[workspace.dependencies]")
        .nth(1)
        .expect("dependencies");
    let table = table.split("\n[").next().expect("their table");
    let path = root().canonicalize().unwrap().display().to_string();
    let table = table.replace("path = \"", &format!("path = \"{path}/"));
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n\
         [workspace]\n\n[workspace.dependencies]{table}"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("src/lib.rs"), source).unwrap();
    folder
}

fn cargo_check(folder: &Path, target: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("compile")
        .join(target);
    let status = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .stdin(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{}", folder.display());
}

/// The CPU time of checking a crate whose dependencies are there, in milliseconds.
fn check(name: &str, source: &str, dependencies: &str) -> f64 {
    let folder = make(name, source, dependencies);
    cargo_check(&folder, "target");
    let times = (0..RUNS).map(|_| {
        fs::write(folder.join("src/lib.rs"), source).unwrap();
        cpu(|| cargo_check(&folder, "target"))
    });
    times.fold(f64::INFINITY, f64::min)
}

/// The CPU time of checking a crate with nothing in it and all its dependencies, in milliseconds.
fn clean(name: &str, dependencies: &str) -> f64 {
    let folder = make(name, "", dependencies);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("compile")
        .join("clean");
    let times = (0..CLEAN_RUNS).map(|_| {
        if target.exists() {
            fs::remove_dir_all(&target).unwrap();
        }
        cpu(|| cargo_check(&folder, "clean"))
    });
    times.fold(f64::INFINITY, f64::min)
}

fn cpu(run: impl FnOnce()) -> f64 {
    let before = of_children();
    run();
    of_children() - before
}

/// The CPU time of all processes that this one has waited for, in milliseconds: `cutime` and `cstime`, in hundredths of a second.
fn of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The second field, in parentheses, may hold spaces.
    let fields = stat.rsplit(')').next().expect("fields").split_whitespace();
    let ticks: u64 = fields
        .skip(13)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().unwrap())
        .sum();
    ticks as f64 * 10.0
}
