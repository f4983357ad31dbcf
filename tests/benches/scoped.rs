//! `cargo bench -p orgscope-tests`: scoped queries against the same queries written by hand in Diesel, both sides in one
//! run. On SQLite in instructions per operation (callgrind; without valgrind in nanoseconds), on PostgreSQL and MariaDB in
//! nanoseconds.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Instant;

use diesel::prelude::*;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use orgscope::dialect::Database;
use orgscope_bench::callgrind;
use orgscope_bench::operations::{self, OPERATIONS, Side, run, schema, sqlite};
use orgscope_suite::databases::Fresh;

/// In how many organizations the caller is.
const SIZES: [i32; 3] = [1, 20, 200];

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--child") {
        let arguments: Vec<String> = arguments.collect();
        return child(&arguments);
    }
    on_sqlite();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for database in [Database::Postgres, Database::Mysql] {
        runtime.block_on(on_server(database));
    }
}

fn row(operation: &str, at: &str, k: i32, unit: &str, ours: f64, other: f64) {
    println!(
        "bench {operation}/{at}/k={k} ours={ours:.0} other={other:.0} ratio={:.3} unit={unit}",
        ours / other
    );
}

/// Each side runs in a process of its own under callgrind, once with few and once with twice as many operations: the
/// difference is theirs alone.
fn on_sqlite() {
    let valgrind = callgrind::is_there();
    for operation in OPERATIONS {
        for k in SIZES {
            let (ours, other, unit) = if valgrind {
                let of = |side| instructions(operation, side, k);
                (of(Side::Ours), of(Side::ByHand), "instructions")
            } else {
                let conn = &mut sqlite(k);
                let (ours, other) = nanoseconds(operation, k, conn);
                (ours, other, "ns")
            };
            row(operation, "sqlite", k, unit, ours, other);
        }
    }
}

/// `--child OPERATION SIDE K TIMES`
fn child(arguments: &[String]) {
    let [operation, side, k, times] = arguments else {
        panic!("{arguments:?}")
    };
    let side = if side == "ours" {
        Side::Ours
    } else {
        Side::ByHand
    };
    let k = k.parse().unwrap();
    let conn = &mut sqlite(k);
    // The statement is prepared, the pages are warm.
    run(operation, side, k, conn, 3);
    run(operation, side, k, conn, times.parse().unwrap());
}

fn instructions(operation: &str, side: Side, k: i32) -> f64 {
    callgrind::instructions(&[operation, side.name(), &k.to_string()], 50)
}

async fn on_server(database: Database) {
    let Some(fresh) = Fresh::make(database).await else {
        return;
    };
    for k in SIZES {
        fresh.batch(&schema(database, k)).await;
        let url = fresh.url().to_owned();
        let measuring = tokio::task::spawn_blocking(move || {
            let measure = |operation: &'static str| match database {
                Database::Postgres => {
                    let mut conn =
                        AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url).unwrap();
                    nanoseconds(operation, k, &mut conn)
                }
                _ => {
                    let mut conn =
                        AsyncConnectionWrapper::<AsyncMysqlConnection>::establish(&url).unwrap();
                    nanoseconds(operation, k, &mut conn)
                }
            };
            OPERATIONS.map(|operation| (operation, measure(operation)))
        });
        let name = if database == Database::Postgres {
            "postgres"
        } else {
            "mysql"
        };
        for (operation, (ours, other)) in measuring.await.unwrap() {
            row(operation, name, k, "ns", ours, other);
        }
    }
    fresh.remove().await;
}

/// The medians of both sides, measured in turns.
fn nanoseconds<C: operations::Runs>(operation: &str, k: i32, conn: &mut C) -> (f64, f64) {
    const ROUNDS: usize = 30;
    const TIMES: u32 = 20;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (side, times) in [Side::Ours, Side::ByHand].into_iter().zip(&mut times) {
            let start = Instant::now();
            run(operation, side, k, conn, TIMES);
            times.push(start.elapsed().as_nanos() as f64 / f64::from(TIMES));
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let [ours, other] = &mut times;
    (median(ours), median(other))
}
