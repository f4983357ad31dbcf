//! `guard`: counts the instructions of the key operations on SQLite (callgrind), and fails when one takes over 3 % more than `instructions.tsv` says.
//! `ORGSCOPE_BLESS=1` writes that file anew: a change that makes something dearer says so in the same commit.
// A command that stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::ExitCode;

use orgscope_bench::callgrind;
use orgscope_bench::operations::{OPERATIONS, Side, run, sqlite};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.tsv");

/// In how many organizations the caller is.
const SIZE: i32 = 20;

/// By how much an operation may grow before the file has to say so.
const TOLERATED: f64 = 0.03;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, operation, times] = arguments.as_slice()
        && child == "--child"
    {
        let conn = &mut sqlite(SIZE);
        // The statement is prepared, the pages are warm.
        run(operation, Side::Ours, SIZE, conn, 3);
        run(operation, Side::Ours, SIZE, conn, times.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    if !callgrind::is_there() {
        eprintln!("valgrind is not installed");
        return ExitCode::from(2);
    }
    let counted =
        OPERATIONS.map(|operation| (operation, callgrind::instructions(&[operation], 50)));
    if std::env::var_os("ORGSCOPE_BLESS").is_some() {
        let lines = counted.map(|(operation, count)| format!("{operation}\t{count:.0}\n"));
        std::fs::write(FILE, lines.concat()).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    let mut grown = 0;
    for (operation, count) in counted {
        let line = kept
            .lines()
            .find_map(|line| line.strip_prefix(operation)?.strip_prefix('\t'));
        let before: f64 = line
            .unwrap_or_else(|| panic!("{FILE} has no {operation}"))
            .parse()
            .unwrap();
        let growth = count / before - 1.0;
        let is_grown = growth > TOLERATED;
        grown += i32::from(is_grown);
        println!(
            "guard {operation} instructions={count:.0} before={before:.0} growth={:+.1}%{}",
            100.0 * growth,
            if is_grown { "  TOO MUCH" } else { "" }
        );
    }
    println!("guard: {} operations, {grown} grown", OPERATIONS.len());
    ExitCode::from(u8::from(grown > 0))
}
