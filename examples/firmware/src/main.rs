//! A multi-tenant API in the shape of the OpenWISP firmware upgrader.
//!
//! `cargo run -p firmware` serves it on an embedded SQLite with demo data and prints what to try. `DATABASE_URL` names
//! another database (`postgres://…`, `mysql://…`, or the path of an SQLite file), `ADDR` another address. `--features actix` serves it
//! with actix-web instead of axum.
#![forbid(unsafe_code)]

use std::error::Error;
use std::net::TcpListener;

use firmware::{framework, seed};
use orgscope::AnyPool;
use orgscope::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let temporary = std::env::temp_dir().join(format!("firmware-{}.sqlite", std::process::id()));
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| temporary.display().to_string());
    let address = std::env::var("ADDR").unwrap_or_else(|_| "127.0.0.1:8080".into());

    let pool = AnyPool::connect(&url, 8)?;
    let tokens = seed::seed(&pool).await?;
    let listener = TcpListener::bind(&address)
        .map_err(|error| format!("{address}: {error}; another address: ADDR=127.0.0.1:8081"))?;
    print_tour(&listener.local_addr()?.to_string(), &tokens);

    framework::serve(listener, Tenancy::new(pool)).await?;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", temporary.display()));
    }
    println!("stopped");
    Ok(())
}

/// Prints the tokens, and requests whose answers differ by caller.
fn print_tour(address: &str, tokens: &[String]) {
    println!("firmware serves http://{address}; Ctrl-C stops it. The callers and their tokens:\n");
    for ((id, name, ..), token) in seed::USERS.iter().zip(tokens) {
        println!("  T{id}={token}  # {name}");
    }
    println!(
        "\nIn a browser: http://{address}/builds, and log in as `{}` with the password `{}`.",
        seed::USERS[1].1,
        seed::PASSWORD
    );
    println!("\nPaste those lines into a shell, then compare:\n");
    for (path, who) in [
        ("builds", "2 4 6 1"),
        ("builds/3", "2 4"),
        ("builds/5", "2 5"),
        ("devices", "1 3 6"),
        ("firmware-images?page_size=1", "2"),
        ("categories/nonsense", "2"),
    ] {
        for user in who.split(' ') {
            println!("  curl -i -H \"Authorization: Bearer $T{user}\" 'http://{address}/{path}'");
        }
    }
    println!("  curl -i http://{address}/devices  # nobody: 401\n");
    println!(
        "Writes: what a manager of acme may, and what not (category 1 is acme's, 2 bolt's, 4 shared):\n"
    );
    for (method, path, body) in [
        ("POST", "builds", r#"{"version": "2.0", "category": 1}"#),
        ("POST", "builds", r#"{"version": "2.0", "category": 2}"#),
        ("POST", "categories", r#"{"name": "for everybody"}"#),
        ("PATCH", "builds/1", r#"{"category": 4}"#),
        ("POST", "categories/1/builds", r#"{"version": "2.1"}"#),
        ("POST", "categories/2/builds", r#"{"version": "2.1"}"#),
        ("DELETE", "builds/5", ""),
    ] {
        println!(
            "  curl -i -X {method} -H \"Authorization: Bearer $T2\" -H 'Content-Type: application/json' -d '{body}' 'http://{address}/{path}'"
        );
    }
    println!("\nFilters, and what a form may offer:\n");
    for path in [
        "builds?category=1&ordering=-version",
        "builds?category=2",
        "builds?organization_slug=acme&search=1.1",
        "firmware-images/choices/build",
    ] {
        println!("  curl -i -H \"Authorization: Bearer $T2\" 'http://{address}/{path}'");
    }
    println!("\nPages without a total (follow `next`), and a login of one's own:\n");
    println!(
        "  curl -i -H \"Authorization: Bearer $T6\" 'http://{address}/devices/newest?page_size=2'"
    );
    let login = format!(
        r#"{{"username": "{}", "password": "{}"}}"#,
        seed::USERS[1].1,
        seed::PASSWORD
    );
    println!("  curl -i -H 'Content-Type: application/json' -d '{login}' 'http://{address}/token'");
    println!();
}
