//! Databases that die, stall and refuse in the middle of requests: 503, never a grant, never a part of a list, no half of a row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use orgscope::AnyPool;
use orgscope::dialect::Database;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope_suite::databases::{Fresh, on_each, unscoped};
use orgscope_suite::http::Http;
use serde_json::json;

use crate::parcels::{TABLES, ask, parcel, serve, stored};
use crate::support::*;

const REQUESTS: usize = 10_000;
const WORKERS: usize = 16;
const STAMPS: [i32; 3] = [1, 2, 3];

async fn with_parcels(fresh: &Fresh) {
    seed(fresh).await;
    fresh.batch(TABLES).await;
    fresh
        .batch(&format!(
            "INSERT INTO stamps VALUES (1, {A}), (2, {A}), (3, {A}), (9, {B})"
        ))
        .await;
}

/// Kills one of the other connections to the database, if there is one.
fn kill(database: Database) -> Option<&'static str> {
    match database {
        Database::Sqlite => None,
        Database::Postgres => Some(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1) AS one",
        ),
        Database::Mysql => Some(
            "SET @one = (SELECT id FROM information_schema.processlist \
             WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY RAND() LIMIT 1); \
             EXECUTE IMMEDIATE CONCAT('KILL ', COALESCE(@one, 'QUERY 0'))",
        ),
    }
}

/// Kills until it is told to stop; the number of kills.
fn killer(fresh: &Fresh, stop: Arc<AtomicBool>) -> tokio::task::JoinHandle<usize> {
    let (url, database) = (fresh.url().to_owned(), fresh.database);
    tokio::spawn(async move {
        let mut kills = 0;
        let Some(kill) = kill(database) else {
            return kills;
        };
        let pool = AnyPool::connect(&url, 1).unwrap();
        while !stop.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(30)).await;
            // There may be nobody to kill.
            let mut conn = pool.connection().await.unwrap();
            kills += usize::from(conn.batch_execute(&unscoped(kill)).await.is_ok());
        }
        kills
    })
}

/// What a parcel may be, as far as its worker knows: names, or nothing.
type Possible = BTreeSet<Option<String>>;

/// One worker: its own parcels, one operation after the other.
struct Worker {
    http: Arc<Http>,
    token: String,
    first: i32,
    parcels: BTreeMap<i32, Possible>,
    /// How many answers were an outage.
    outages: usize,
}

impl Worker {
    async fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, serde_json::Value) {
        let answer = ask(&self.http, method, path, &self.token, body).await;
        self.outages += usize::from(answer.status == 503);
        (answer.status, answer.body)
    }

    /// What was asked for is, or is not, or nobody knows.
    fn note(&mut self, id: i32, status: u16, done: u16, then: Option<String>) {
        let possible = self.parcels.entry(id).or_insert_with(|| [None].into());
        if status == done {
            *possible = [then].into();
        } else if status == 503 {
            possible.insert(then);
        }
    }

    async fn step(&mut self, number: i32) {
        let id = self.first + number / 5;
        let path = format!("/parcels/{id}");
        match number % 5 {
            0 => {
                let name = format!("new {id}");
                let (status, body) = self
                    .ask("POST", "/parcels", &parcel(id, &name, A, &[1, 2]))
                    .await;
                assert!([201, 503].contains(&status), "{status} {body}");
                self.note(id, status, 201, Some(name));
            }
            1 => {
                let name = format!("changed {id}");
                let (status, body) = self
                    .ask("PATCH", &path, &json!({"name": name}).to_string())
                    .await;
                let may_be_missing = self.parcels[&id].contains(&None);
                assert!(
                    [200, 503].contains(&status) || may_be_missing && status == 404,
                    "{status} {body}"
                );
                if status == 503 && self.parcels[&id] == [None].into() {
                    return;
                }
                self.note(id, status, 200, Some(name));
            }
            2 => {
                let (status, body) = self.ask("GET", &path, "").await;
                let possible = &self.parcels[&id];
                match status {
                    200 => {
                        let name = body["name"].as_str().map(str::to_owned);
                        assert!(possible.contains(&name), "{name:?} of {possible:?}");
                    }
                    404 => assert!(possible.contains(&None), "gone: {possible:?}"),
                    status => assert_eq!(status, 503, "{body}"),
                }
            }
            3 => {
                // Refused whatever happens: another tenant's, and joined with another tenant's.
                let foreign = [
                    parcel(-id, "refused", B, &[]),
                    parcel(-id, "refused", A, &[9]),
                ];
                let (status, body) = self
                    .ask("POST", "/parcels", &foreign[(id % 2) as usize])
                    .await;
                assert!([400, 503].contains(&status), "{status} {body}");
                let (status, body) = self.ask("GET", "/stamps", "").await;
                let ids = body.as_array().map(|rows| {
                    rows.iter()
                        .filter_map(|row| row["id"].as_i64())
                        .collect::<Vec<_>>()
                });
                assert!(
                    status == 503 || ids == Some(STAMPS.map(i64::from).to_vec()),
                    "{status} {body}"
                );
            }
            _ if id % 2 == 0 => {
                let (status, body) = self.ask("DELETE", &path, "").await;
                assert!([204, 404, 503].contains(&status), "{status} {body}");
                assert!(
                    status != 404 || self.parcels[&id].contains(&None),
                    "gone: {:?}",
                    self.parcels[&id]
                );
                self.note(id, status, 204, None);
            }
            _ => {}
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_and_what_was_refused_is_not() {
    on_each(async |fresh| {
        if fresh.database == Database::Sqlite {
            // It is no server that could die without this process.
            return fresh;
        }
        with_parcels(&fresh).await;
        let http = Arc::new(serve(&fresh, 8).await);
        let token = token(&fresh, MANAGER_A).await;
        let stop = Arc::new(AtomicBool::new(false));
        let killing = killer(&fresh, stop.clone());
        let workers = (0..WORKERS).map(|number| {
            let mut worker = Worker {
                http: http.clone(),
                token: token.clone(),
                first: 1_000 * (number as i32 + 1),
                parcels: BTreeMap::new(),
                outages: 0,
            };
            tokio::spawn(async move {
                for number in 0..(REQUESTS / WORKERS) as i32 {
                    worker.step(number).await;
                }
                worker
            })
        });
        let workers = futures_util::future::try_join_all(workers.collect::<Vec<_>>())
            .await
            .unwrap();
        stop.store(true, Ordering::Relaxed);
        let kills = killing.await.unwrap();
        let outages: usize = workers.iter().map(|worker| worker.outages).sum();
        eprintln!("{REQUESTS} requests, {kills} kills, {outages} outages");
        assert!(
            kills > 10 && outages > 0,
            "{kills} kills, {outages} outages"
        );

        // It recovers without a restart: a dead connection costs one request at most.
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(ask(&http, "GET", "/stamps", &token, "").await.status);
        }
        assert_eq!(answers[10..], [200; 10], "{answers:?}");

        let stored = stored(&fresh).await;
        let known: BTreeMap<i32, Possible> = workers
            .into_iter()
            .flat_map(|worker| worker.parcels)
            .collect();
        for (id, possible) in &known {
            let is = stored.get(id);
            assert!(
                possible.contains(&is.map(|(name, _)| name.clone())),
                "{id}: {is:?} of {possible:?}"
            );
        }
        for (id, (name, stamps)) in &stored {
            // Refused rows have negative ids; each row has all of its stamps.
            assert!(
                known.contains_key(id) && *stamps == 2,
                "{id} {name} {stamps}"
            );
        }
        fresh
    });
}

#[test]
fn a_pool_without_connections_is_an_outage() {
    on_each(async |fresh| {
        // The pools of the three databases wait in the same way, for ten seconds.
        if fresh.database != Database::Sqlite {
            return fresh;
        }
        with_parcels(&fresh).await;
        let token = token(&fresh, MANAGER_A).await;
        let pool = AnyPool::connect(fresh.url(), 1).unwrap();
        let held = pool.connection().await.unwrap();
        let app = orgscope::axum::Router::new().get("/items", crate::audit::list);
        let http = Http::serve(app.into_axum().with_state(Tenancy::new(pool.clone()))).await;
        let asked = Instant::now();
        let answer = ask(&http, "GET", "/items", &token, "").await;
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(asked.elapsed() >= Duration::from_secs(9));
        drop(held);
        fresh.batch(&crate::models::rows(fresh.database)).await;
        assert_eq!(ask(&http, "GET", "/items", &token, "").await.status, 200);
        fresh
    });
}

/// A statement that the database gives up on is an outage of one request.
#[test]
fn statements_that_are_given_up_are_outages() {
    on_each(async |fresh| {
        with_parcels(&fresh).await;
        let token = token(&fresh, MANAGER_A).await;
        // Statements of later connections give up after a while; those of MariaDB are interrupted below.
        match fresh.database {
            Database::Sqlite => return fresh,
            Database::Postgres => fresh.batch(&of_database("statement_timeout = 3000")).await,
            Database::Mysql => {}
        }
        let http = Arc::new(serve(&fresh, 2).await);
        let made = ask(
            &http,
            "POST",
            "/parcels",
            &token,
            &parcel(1, "first", A, &[1]),
        )
        .await;
        assert_eq!(made.status, 201, "{made:?}");
        // One that locks, one that interrupts, and the next one that does.
        let others = AnyPool::connect(fresh.url(), 3).unwrap();
        let mut locking = others.connection().await.unwrap();
        let lock = unscoped("BEGIN; UPDATE parcels SET name = 'locked' WHERE id = 1");
        locking.batch_execute(&lock).await.unwrap();
        let change = json!({"name": "second"}).to_string();
        let waiting = {
            let (http, token, change) = (http.clone(), token.clone(), change.clone());
            tokio::spawn(async move { ask(&http, "PATCH", "/parcels/1", &token, &change).await })
        };
        if fresh.database == Database::Mysql {
            let interrupt = "SET @one = (SELECT id FROM information_schema.processlist \
                 WHERE db = DATABASE() AND info LIKE 'UPDATE%parcels%' LIMIT 1); EXECUTE IMMEDIATE CONCAT('KILL QUERY ', @one)";
            let mut other = others.connection().await.unwrap();
            // Until it waits there is nothing to interrupt.
            let asked = Instant::now();
            while other.batch_execute(&unscoped(interrupt)).await.is_err() {
                assert!(asked.elapsed() < Duration::from_secs(20), "nothing waits");
                tokio::time::sleep(Duration::from_millis(50)).await;
                other = others.connection().await.unwrap();
            }
        }
        let waited = waiting.await.unwrap();
        assert_eq!(waited.status, 503, "{waited:?}");
        assert_eq!(
            waited.media_type.as_deref(),
            Some("application/problem+json")
        );
        locking.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(stored(&fresh).await[&1].0, "first");
        let now = ask(&http, "PATCH", "/parcels/1", &token, &change).await;
        assert_eq!(now.status, 200, "{now:?}");
        fresh
    });
}

/// A setting of the database, for connections that are made later.
fn of_database(setting: &str) -> String {
    format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET ', current_database()) || $set${setting}$set$; END $$"
    )
}

/// Where transactions are serializable, one of two gives way: an outage of its request, and nothing of it is stored.
#[test]
fn transactions_that_give_way_are_outages() {
    on_each(async |fresh| {
        if fresh.database != Database::Postgres {
            return fresh;
        }
        with_parcels(&fresh).await;
        let token = token(&fresh, MANAGER_A).await;
        fresh
            .batch(&of_database(
                "default_transaction_isolation = 'serializable'",
            ))
            .await;
        let http = Arc::new(serve(&fresh, 8).await);
        let made = ask(
            &http,
            "POST",
            "/parcels",
            &token,
            &parcel(1, "first", A, &[1]),
        )
        .await;
        assert_eq!(made.status, 201, "{made:?}");
        let tasks = (0..8).map(|task| {
            let (http, token) = (http.clone(), token.clone());
            tokio::spawn(async move {
                let mut gave_way = 0;
                for number in 0..40 {
                    let change = json!({"name": format!("{task} {number}")}).to_string();
                    let changed = ask(&http, "PATCH", "/parcels/1", &token, &change).await;
                    match changed.status {
                        200 => assert_eq!(changed.body["name"], format!("{task} {number}")),
                        status => {
                            assert_eq!(status, 503, "{changed:?}");
                            gave_way += 1;
                        }
                    }
                }
                gave_way
            })
        });
        let gave_way = futures_util::future::try_join_all(tasks.collect::<Vec<_>>())
            .await
            .unwrap();
        assert!(gave_way.iter().sum::<usize>() > 0, "{gave_way:?}");
        assert_eq!(stored(&fresh).await.len(), 1);
        fresh
    });
}

/// A transaction that cannot begin leaves its connection as it was.
#[test]
fn a_transaction_that_cannot_begin_leaves_nothing_open() {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use orgscope::transaction::Transaction;
    on_each(async |fresh| {
        if fresh.database != Database::Sqlite {
            return fresh;
        }
        fresh
            .batch("CREATE TABLE notes (id INTEGER PRIMARY KEY)")
            .await;
        let connect = || SqliteConnection::establish(fresh.url()).unwrap();
        let (mut one, mut other) = (connect(), connect());
        one.batch_execute("PRAGMA busy_timeout = 0").unwrap();
        other.batch_execute("BEGIN IMMEDIATE").unwrap();
        assert!(matches!(one.begin(), Err(Error::Unavailable(_))));
        other.batch_execute("ROLLBACK").unwrap();
        // What it writes now is written at once.
        one.batch_execute("INSERT INTO notes VALUES (1)").unwrap();
        one.begin().unwrap();
        one.batch_execute("INSERT INTO notes VALUES (2)").unwrap();
        one.roll_back().unwrap();
        let notes = diesel::sql_query("SELECT id AS number FROM notes");
        let notes: Vec<crate::audit::Number> = notes.load(&mut other).unwrap();
        assert_eq!(
            notes.iter().map(|note| note.number).collect::<Vec<_>>(),
            [1]
        );
        fresh
    });
}
