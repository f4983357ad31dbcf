//! Instructions counted by callgrind: each side runs in a process of its own.

use std::process::Command;

/// Whether valgrind is installed.
pub fn is_there() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// The instructions of one operation: the bench runs itself as `--child ARGUMENTS… TIMES`, once with `times` and once with
/// twice as many; the difference is the operations' alone.
pub fn instructions(arguments: &[&str], times: u64) -> f64 {
    let total = |times: u64| {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe().unwrap())
            .arg("--child")
            .args(arguments)
            .arg(times.to_string())
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{log}");
        let collected = log.lines().find_map(|line| line.split_once("Collected : "));
        collected
            .and_then(|(_, number)| number.trim().parse::<u64>().ok())
            .expect("a total")
    };
    (total(2 * times) - total(times)) as f64 / times as f64
}
