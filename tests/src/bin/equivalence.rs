//! `equivalence [--rows N] [--backend sqlite|postgres|mysql] [--seed N] [--exhaustive ATOMS]`: decides N rows of random worlds, by the library and by brute
//! force; or every row of a small world, by every policy of up to so many atoms.
// A command that stops at the first thing that is not as it should be.
#![allow(clippy::expect_used)]

use std::process::ExitCode;

use orgscope::dialect::Database;
use orgscope_tests::equivalence::{exhaustive, random};

const USAGE: &str = "usage: equivalence [--rows N] [--backend sqlite|postgres|mysql] [--seed N] [--exhaustive ATOMS]";

struct Arguments {
    rows: u64,
    seed: u64,
    database: Database,
    atoms: Option<usize>,
}

// Policies are looked up by thread: everything runs on one.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Arguments {
        rows,
        seed,
        database,
        atoms,
    } = arguments;
    let outcome = match atoms {
        Some(atoms) => exhaustive(database, atoms).await,
        None => random(database, seed, rows).await,
    };
    let Some(outcome) = outcome else {
        eprintln!("no server for {database:?}");
        return ExitCode::from(2);
    };
    for difference in &outcome.differences {
        println!("{difference}");
    }
    let (decisions, differences) = (outcome.decisions, outcome.differences.len());
    println!("equivalence: {decisions} decisions, {differences} differences");
    ExitCode::from(u8::from(differences > 0))
}

fn arguments() -> Option<Arguments> {
    let mut arguments = Arguments {
        rows: 100_000,
        seed: 1,
        database: Database::Sqlite,
        atoms: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--rows" => arguments.rows = value.parse().ok()?,
            "--seed" => arguments.seed = value.parse().ok()?,
            "--exhaustive" => {
                arguments.atoms = Some(value.parse().ok().filter(|atoms| (1..=3).contains(atoms))?)
            }
            "--backend" => {
                arguments.database = match value.as_str() {
                    "sqlite" => Database::Sqlite,
                    "postgres" => Database::Postgres,
                    "mysql" | "mariadb" => Database::Mysql,
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    Some(arguments)
}
