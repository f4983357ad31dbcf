//! The recorded decisions, as the replay plays them.

use std::path::Path;

use orgscope_suite::databases::ALL;
use orgscope_tests::conformance::{Framework, Identity, Setup, replay};

#[test]
fn recorded_decisions_are_kept_on_every_database() {
    all_are_kept(Identity::Bundled, Framework::Axum);
}

#[test]
fn recorded_decisions_are_kept_by_actix() {
    all_are_kept(Identity::Bundled, Framework::Actix);
}

#[test]
fn recorded_decisions_are_kept_with_a_cache() {
    all_are_kept(Identity::Cached, Framework::Axum);
}

#[test]
fn recorded_decisions_are_kept_for_the_users_of_django() {
    all_are_kept(Identity::Django, Framework::Axum);
}

fn all_are_kept(identity: Identity, framework: Framework) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/conformance");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for database in ALL {
        let setup = Setup {
            database,
            identity,
            framework,
        };
        if let Some(outcome) = runtime.block_on(replay(&directory, setup)) {
            assert!(
                outcome.failures.is_empty(),
                "{database:?}: {:#?}",
                outcome.failures
            );
            assert_eq!((outcome.passed, outcome.not_yet), (4335, 0), "{database:?}");
        }
    }
}
