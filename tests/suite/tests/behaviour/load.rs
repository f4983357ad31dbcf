//! Many connections at once, half of them with bad tokens: everybody gets what is theirs, and memory does not grow.

use std::time::Duration;

use axum::Json;
use orgscope::axum::Router;
use orgscope::prelude::*;
use orgscope_suite::databases::on_each;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::models::*;
use crate::support::*;

const CONNECTIONS: usize = 2_000;

#[protected(member)]
async fn list(rows: Scoped<Item>, mut db: Db) -> Result<Json<Vec<i32>>, ApiError> {
    Ok(Json(
        rows.select(items::id)
            .order(items::id)
            .load(&mut db)
            .await?,
    ))
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or_default() * 4096
}

/// Asks on an open connection, and returns the status and the body.
async fn ask(stream: &mut TcpStream, token: &str) -> (u16, String) {
    let request =
        format!("GET /items HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    loop {
        let mut part = [0; 2048];
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "the connection was closed");
        answer.extend(&part[..read]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() == length.unwrap().parse::<usize>().unwrap() {
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            return (status, body.to_owned());
        }
    }
}

#[test]
fn two_thousand_connections_with_half_bad_tokens_get_what_is_theirs() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tenancy = Tenancy::new(fresh.pool.clone());
        let app = Router::new()
            .get("/items", list)
            .into_axum()
            .with_state(tenancy);
        tokio::spawn(async move { axum::serve(listener, app).await });
        let mut expected = Vec::new();
        for user in [MEMBER_A, MANAGER_B, NOBODY] {
            let token = token(&fresh, user).await;
            let mut stream = TcpStream::connect(address).await.unwrap();
            let answer = ask(&mut stream, &token).await;
            expected.push((token, answer));
        }
        assert_ne!(expected[0].1, expected[1].1);
        let good = expected[0].0.clone();
        for bad in [
            "nonsense".to_owned(),
            "0".repeat(40),
            good[..good.len() - 1].to_owned(),
        ] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let answer = ask(&mut stream, &bad).await;
            assert_eq!(answer.0, 401);
            expected.push((bad, answer));
        }
        let mut connections = Vec::new();
        for number in 0..CONNECTIONS {
            let (token, answer) = expected[number % expected.len()].clone();
            connections.push((TcpStream::connect(address).await.unwrap(), token, answer));
        }
        // The first rounds fill caches and buffers.
        let mut settled = 0;
        for round in 0..4 {
            let asking = connections.drain(..).map(|(mut stream, token, expected)| {
                tokio::spawn(async move {
                    let answer = ask(&mut stream, &token).await;
                    assert_eq!(answer, expected);
                    (stream, token, expected)
                })
            });
            let asked = tokio::time::timeout(
                Duration::from_secs(60),
                futures_util::future::try_join_all(asking.collect::<Vec<_>>()),
            );
            connections = asked.await.expect("in time").expect("no panic");
            if round == 1 {
                settled = resident();
            }
        }
        let grown = resident().saturating_sub(settled);
        assert!(
            grown < 16 << 20,
            "{grown} bytes more for 4,000 more requests"
        );
        fresh
    });
}
