//! `cargo bench -p orgscope-tests --bench http`: a list of 20 with its total and a detail, over HTTP with a bearer token, against the same
//! service by hand: as one writes it, and with tuned statements. 100,000 rows of 1,000 organizations, 2 % of them shared; a caller in `k`.
//! Requests a second of 16 connections, and the
//! 99th percentile of their times; the services take turns, and share the machine with who asks them and with the database.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod by_hand;
mod data;
mod ours;
#[path = "../text/mod.rs"]
mod text;

use std::time::{Duration, Instant};

use data::{rows_of, seed};
use orgscope::AnyPool;
use orgscope::dialect::Database;
use orgscope_suite::databases::Fresh;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 16;
/// Connections of each service to its database.
const POOL: usize = 16;
const ROUNDS: usize = 8;
const ROUND: Duration = Duration::from_millis(800);

fn main() {
    let only = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for database in [Database::Sqlite, Database::Postgres] {
        runtime.block_on(on(database, only.as_deref()));
    }
}

/// Measures the rows with this text in their names, or all.
async fn on(database: Database, only: Option<&str>) {
    let Some(fresh) = Fresh::make(database).await else {
        return;
    };
    let tokens = seed(&fresh).await;
    let url = fresh.url();
    let (plain, tuned) = match database {
        Database::Postgres => (
            by_hand::postgres::plain(url, POOL),
            by_hand::postgres::tuned(url, POOL),
        ),
        _ => (
            by_hand::sqlite::plain(url, POOL),
            by_hand::sqlite::tuned(url, POOL),
        ),
    };
    let ours = ours::service(AnyPool::connect(url, POOL).unwrap());
    let services = [serve(ours).await, serve(plain).await, serve(tuned).await];
    let name = format!("{database:?}").to_lowercase();
    for (k, token) in &tokens {
        let list = vec!["/builds?page_size=20".to_owned()];
        let details = rows_of(*k)
            .iter()
            .map(|id| format!("/builds/{id}"))
            .collect();
        for (endpoint, paths) in [("list", list), ("detail", details)] {
            let name = format!("{endpoint}/{name}/k={k}");
            if only.is_some_and(|only| !name.contains(only)) {
                continue;
            }
            let requests: Vec<Vec<u8>> = paths.iter().map(|path| request(path, token)).collect();
            same_answers(&services, &requests).await;
            let [ours, plain, tuned] = measure(&services, &requests).await;
            for (other, by_hand) in [("plain", plain), ("tuned", tuned)] {
                println!(
                    "bench http/{name}/vs={other} ours={:.0} other={:.0} ratio={:.3} unit=requests_per_s",
                    ours.rate,
                    by_hand.rate,
                    ours.rate / by_hand.rate,
                );
                println!(
                    "bench http-p99/{name}/vs={other} ours={:.0} other={:.0} ratio={:.3} unit=us",
                    ours.p99,
                    by_hand.p99,
                    ours.p99 / by_hand.p99,
                );
            }
        }
    }
    fresh.remove().await;
}

async fn serve(app: axum::Router) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn request(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")
        .into()
}

/// One request over a connection that stays open; the body of its answer, which says how long it is.
async fn ask(conn: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> std::ops::Range<usize> {
    conn.write_all(request).await.unwrap();
    buffer.clear();
    loop {
        assert!(conn.read_buf(buffer).await.unwrap() > 0, "closed");
        let Some(head) = buffer.windows(4).position(|end| end == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..head]).unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        let length = text
            .to_ascii_lowercase()
            .lines()
            .find_map(|line| {
                Some(
                    line.strip_prefix("content-length:")?
                        .trim()
                        .parse::<usize>(),
                )
            })
            .expect("a length")
            .unwrap();
        while buffer.len() < head + 4 + length {
            assert!(conn.read_buf(buffer).await.unwrap() > 0, "closed");
        }
        return head + 4..head + 4 + length;
    }
}

/// The services say the same, but for the links of pages.
async fn same_answers(services: &[std::net::SocketAddr], requests: &[Vec<u8>]) {
    for request in requests.iter().step_by(50) {
        let mut first: Option<serde_json::Value> = None;
        for service in services {
            let mut conn = TcpStream::connect(service).await.unwrap();
            let mut buffer = Vec::new();
            let body = ask(&mut conn, request, &mut buffer).await;
            let mut body: serde_json::Value = serde_json::from_slice(&buffer[body]).unwrap();
            // The order of its parameters is one's own.
            if let Some(page) = body.as_object_mut()
                && let Some(next) = page.get("next").cloned()
            {
                page.insert("next".into(), next.is_string().into());
            }
            assert_eq!(first.get_or_insert_with(|| body.clone()), &body);
        }
    }
}

#[derive(Clone, Copy)]
struct Measured {
    /// Requests a second.
    rate: f64,
    /// The 99th percentile of the times, in microseconds.
    p99: f64,
}

async fn measure(services: &[std::net::SocketAddr; 3], requests: &[Vec<u8>]) -> [Measured; 3] {
    let mut rates = [const { Vec::new() }; 3];
    let mut times = [const { Vec::new() }; 3];
    for round in 0..=ROUNDS {
        for (at, service) in services.iter().enumerate() {
            let begun = Instant::now();
            let taken = load(*service, requests).await;
            let elapsed = begun.elapsed().as_secs_f64();
            // The first round prepares statements.
            if round > 0 {
                rates[at].push(taken.len() as f64 / elapsed);
                times[at].extend(taken);
            }
        }
    }
    [0, 1, 2].map(|at| {
        rates[at].sort_by(f64::total_cmp);
        times[at].sort_by(f64::total_cmp);
        Measured {
            rate: rates[at][rates[at].len() / 2],
            p99: times[at][times[at].len() * 99 / 100],
        }
    })
}

/// The times of all requests that a service answers in one round, in microseconds.
async fn load(service: std::net::SocketAddr, requests: &[Vec<u8>]) -> Vec<f64> {
    let begun = Instant::now();
    let one = |number: usize| {
        let requests = requests.to_vec();
        tokio::spawn(async move {
            let mut conn = TcpStream::connect(service).await.unwrap();
            conn.set_nodelay(true).unwrap();
            let (mut buffer, mut taken) = (Vec::new(), Vec::new());
            let mut next = requests.iter().cycle().skip(number * 31 % requests.len());
            while begun.elapsed() < ROUND {
                let start = Instant::now();
                ask(&mut conn, next.next().unwrap(), &mut buffer).await;
                taken.push(start.elapsed().as_secs_f64() * 1e6);
            }
            taken
        })
    };
    let connections: Vec<_> = (0..CONNECTIONS).map(one).collect();
    let mut all = Vec::new();
    for connection in connections {
        all.extend(connection.await.unwrap());
    }
    all
}
