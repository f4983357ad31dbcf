//! The recorded decisions, as the replay plays them.

use std::path::Path;

use orgscope_tests::conformance::replay;
use orgscope_tests::databases::ALL;

#[test]
fn recorded_decisions_are_kept_on_every_database() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/conformance");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for database in ALL {
        if let Some(outcome) = runtime.block_on(replay(&directory, database)) {
            assert!(
                outcome.failures.is_empty(),
                "{database:?}: {:#?}",
                outcome.failures
            );
            assert_eq!((outcome.passed, outcome.not_yet), (4335, 0), "{database:?}");
        }
    }
}
