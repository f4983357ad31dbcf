//! `sesame-vectors FILE…`: replays files of token vectors.

use std::path::Path;
use std::process::ExitCode;

use orgscope_tests::sesame::{Outcome, replay};

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: sesame-vectors FILE…");
        return ExitCode::from(2);
    }
    let mut outcome = Outcome::default();
    for file in files {
        replay(Path::new(&file), &mut outcome);
    }
    for failure in &outcome.failures {
        println!("{failure}");
    }
    let (passed, failed) = (outcome.passed, outcome.failures.len());
    println!("sesame: {passed} passed, {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}
