//! `cargo bench -p orgscope-tests --bench shapes`: what a scope asks, against the best of several statements written by hand, on
//! 1,000,000 rows of 5,000 organizations (`ORGSCOPE_BENCH_ROWS` says otherwise) and on each database. In microseconds, the median of
//! runs that take turns.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod by_hand;
mod data;
mod ours;
#[path = "../text/mod.rs"]
mod text;

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use orgscope::dialect::Database;
use orgscope_suite::databases::Fresh;

use by_hand::{ByHand, by_hand, values};
use data::{Model, SIZES, caller, schema};
use ours::{Operation, Ours};

/// How long the two sides of a cell are measured together, at most.
const TIME: Duration = Duration::from_millis(1500);

fn main() {
    let only = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for database in [Database::Sqlite, Database::Postgres, Database::Mysql] {
        runtime.block_on(async {
            let Some(fresh) = Fresh::make(database).await else {
                return;
            };
            fresh.batch(&schema(database)).await;
            if database == Database::Postgres {
                fresh.batch("VACUUM ANALYZE").await;
            }
            let (url, only) = (fresh.url().to_owned(), only.clone());
            let measured = tokio::task::spawn_blocking(move || {
                let only = only.as_deref();
                match database {
                    Database::Sqlite => measure::<SqliteConnection>(&url, database, only),
                    Database::Postgres => {
                        measure::<AsyncConnectionWrapper<AsyncPgConnection>>(&url, database, only)
                    }
                    _ => measure::<AsyncConnectionWrapper<AsyncMysqlConnection>>(
                        &url, database, only,
                    ),
                }
            });
            measured.await.unwrap();
            fresh.remove().await;
        });
    }
}

fn measure<C: Connection + Ours + ByHand>(url: &str, database: Database, only: Option<&str>) {
    let conn = &mut C::establish(url).unwrap();
    for model in Model::ALL {
        for operation in Operation::ALL {
            for k in SIZES {
                let name = format!("{operation:?}/{model:?}/{database:?}/k={k}").to_lowercase();
                if only.is_none_or(|only| name.contains(only)) {
                    cell(&name, (operation, model, k), database, conn);
                }
            }
        }
    }
}

fn cell<C: Ours + ByHand>(
    name: &str,
    (operation, model, k): (Operation, Model, i32),
    database: Database,
    conn: &mut C,
) {
    let caller = caller(operation, k);
    let shapes = by_hand(operation, model, database, k);
    let values = values(model, k);
    let rows = conn.ours(operation, model, &caller, k);
    for (shape, statements) in &shapes {
        assert_eq!(conn.by_hand(statements, &values), rows, "{name}: {shape}");
    }
    let mut times = vec![Vec::new(); shapes.len() + 1];
    let begun = Instant::now();
    // A shape that is slow once is not waited for again.
    while times[0].len() < 3 || begun.elapsed() < TIME && times[0].len() < 200 {
        let best = times.iter().filter_map(|times| times.iter().min()).min();
        let best = best.copied().unwrap_or(Duration::MAX);
        times[0].push(timed(|| conn.ours(operation, model, &caller, k)));
        for (of, (_, statements)) in times[1..].iter_mut().zip(&shapes) {
            let is_hopeless = of.len() >= 2 && of.iter().min() > Some(&(best * 4));
            if !is_hopeless {
                of.push(timed(|| conn.by_hand(statements, &values)));
            }
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    let others = medians[1..].iter().zip(&shapes);
    let (other, (shape, _)) = others
        .min_by(|(one, _), (other, _)| one.total_cmp(other))
        .unwrap();
    println!(
        "bench shape/{name} ours={:.0} other={other:.0} ratio={:.3} unit=us best={shape}",
        medians[0],
        medians[0] / other,
    );
}

fn timed(run: impl FnOnce() -> i64) -> Duration {
    let begun = Instant::now();
    std::hint::black_box(run());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}
