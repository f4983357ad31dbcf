//! `conformance DIR [--backend sqlite|postgres|mysql] [--identity bundled|cached|django] [--framework axum|actix]`: replays the case files in DIR.
// A command that stops at the first thing that is not as it should be.
#![allow(clippy::expect_used)]

use std::path::PathBuf;
use std::process::ExitCode;

use orgscope::dialect::Database;
use orgscope_tests::conformance::{Framework, Identity, Setup, replay};

const USAGE: &str = "usage: conformance DIR [--backend sqlite|postgres|mysql] \
                     [--identity bundled|cached|django] [--framework axum|actix]";

#[tokio::main]
async fn main() -> ExitCode {
    let Some((directory, setup)) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Some(outcome) = replay(&directory, setup).await else {
        eprintln!("no server for {:?}", setup.database);
        return ExitCode::from(2);
    };
    for failure in &outcome.failures {
        println!("{failure}");
    }
    let not_yet = match outcome.not_yet {
        0 => String::new(),
        cases => format!(", {cases} not yet"),
    };
    println!(
        "conformance: {} passed, {} failed{not_yet}",
        outcome.passed,
        outcome.failures.len()
    );
    ExitCode::from(u8::from(!outcome.failures.is_empty()))
}

fn arguments() -> Option<(PathBuf, Setup)> {
    let mut directory = None;
    let mut setup = Setup {
        database: Database::Sqlite,
        identity: Identity::Bundled,
        framework: Framework::Axum,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--backend" => {
                setup.database = match arguments.next()?.as_str() {
                    "sqlite" => Database::Sqlite,
                    "postgres" => Database::Postgres,
                    "mysql" | "mariadb" => Database::Mysql,
                    _ => return None,
                }
            }
            "--identity" => {
                setup.identity = match arguments.next()?.as_str() {
                    "bundled" => Identity::Bundled,
                    "cached" => Identity::Cached,
                    "django" => Identity::Django,
                    _ => return None,
                }
            }
            "--framework" => {
                setup.framework = match arguments.next()?.as_str() {
                    "axum" => Framework::Axum,
                    "actix" => Framework::Actix,
                    _ => return None,
                }
            }
            path if directory.is_none() && !path.starts_with("--") => {
                directory = Some(PathBuf::from(path))
            }
            _ => return None,
        }
    }
    Some((directory?, setup))
}
