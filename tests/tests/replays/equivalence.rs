//! Lists, single rows and writes are one rule, in random worlds and in every small one. `cargo run -p orgscope-tests --bin equivalence` decides more.

use orgscope::dialect::Database;
use orgscope_suite::databases::ALL;
use orgscope_tests::equivalence::{Outcome, exhaustive, random};

fn agrees(outcome: Option<Outcome>, least: u64) {
    let Some(outcome) = outcome else { return };
    assert!(outcome.differences.is_empty(), "{:#?}", outcome.differences);
    assert!(outcome.decisions >= least, "{}", outcome.decisions);
}

fn runtime() -> tokio::runtime::Runtime {
    // Policies are looked up by thread.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn leak_23_random_worlds_are_decided_as_by_brute_force() {
    for database in ALL {
        agrees(runtime().block_on(random(database, 7, 30_000)), 30_000);
    }
}

#[test]
fn every_policy_of_one_atom_decides_a_small_world_as_by_brute_force() {
    for database in ALL {
        agrees(runtime().block_on(exhaustive(database, 1)), 30_000);
    }
}

#[test]
fn every_policy_of_two_atoms_decides_a_small_world_as_by_brute_force() {
    agrees(
        runtime().block_on(exhaustive(Database::Sqlite, 2)),
        3_000_000,
    );
}
