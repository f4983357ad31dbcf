//! Counters of an association: who may view, edit and own a row by groups, subscriptions and the row itself.
//!
//! `cargo run -p counter` serves it on an SQLite in memory and prints what to try; `ADDR` names another address.
#![forbid(unsafe_code)]

mod api;
mod models;
mod seed;
#[cfg(test)]
mod tests;

use std::error::Error;

use orgscope::AnyPool;
use orgscope::prelude::*;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::var("ADDR").unwrap_or_else(|_| "127.0.0.1:8080".into());
    // One connection to a database in memory is the database.
    let pool = AnyPool::connect(":memory:", 1)?;
    let tokens = seed::seed(&pool).await?;
    let listener = TcpListener::bind(&address)
        .await
        .map_err(|error| format!("{address}: {error}; another address: ADDR=127.0.0.1:8081"))?;
    print_tour(&listener.local_addr()?.to_string(), &tokens);
    let app = api::router().into_axum().with_state(Tenancy::new(pool));
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

/// Prints the tokens, and requests whose answers differ by caller.
fn print_tour(address: &str, tokens: &[String]) {
    println!("counter serves http://{address}; Ctrl-C stops it. The callers and their tokens:\n");
    for ((id, name, ..), token) in seed::USERS.iter().zip(tokens) {
        println!("  T{id}={token}  # {name}");
    }
    println!("\nPaste those lines into a shell, then compare:\n");
    for (method, path, users) in [
        ("GET", "hello", "1 3"),
        ("GET", "bars", "1 2 5"),
        ("GET", "bars/1", "1 2 5"),
        ("GET", "bars/3", "1 5"),
        ("DELETE", "bars/4", "1 4"),
    ] {
        for user in users.split(' ') {
            println!(
                "  curl -i -X {method} -H \"Authorization: Bearer $T{user}\" http://{address}/{path}"
            );
        }
    }
    println!("  curl -i http://{address}/public  # without a login\n");
}
