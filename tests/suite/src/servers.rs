//! Database servers: the one that a variable names, else one at the usual address, else a throw-away one started from
//! installed binaries, else none.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use orgscope::dialect::Database;

/// The URL of the server without a database: `postgres://postgres@127.0.0.1:5432`.
///
/// # Panics
/// When there is none and `ORGSCOPE_TEST_REQUIRE` names the database.
pub fn url(database: Database) -> Option<&'static str> {
    static POSTGRES: OnceLock<Option<String>> = OnceLock::new();
    static MYSQL: OnceLock<Option<String>> = OnceLock::new();
    let (cell, name) = match database {
        Database::Sqlite => return None,
        Database::Postgres => (&POSTGRES, "postgres"),
        Database::Mysql => (&MYSQL, "mysql"),
    };
    let url = cell.get_or_init(|| {
        let variable = format!("ORGSCOPE_TEST_{}", name.to_uppercase());
        if let Ok(url) = std::env::var(variable) {
            return Some(url.trim_end_matches('/').to_owned());
        }
        let (usual, user) = match database {
            Database::Mysql => ("127.0.0.1:3306", "root"),
            _ => ("127.0.0.1:5432", "postgres"),
        };
        let address = listens(usual)
            .then(|| usual.to_owned())
            .or_else(|| match database {
                Database::Mysql => start(name, start_mysql),
                _ => start(name, start_postgres),
            });
        let url = address.map(|address| format!("{name}://{user}@{address}"));
        if url.is_none() {
            let required = std::env::var("ORGSCOPE_TEST_REQUIRE").unwrap_or_default();
            assert!(
                !required.split(',').any(|one| one.trim() == name),
                "no {name} server, and ORGSCOPE_TEST_REQUIRE asks for one"
            );
            eprintln!("no {name} server: its tests are left out");
        }
        url
    });
    url.as_deref()
}

/// The URL of a Redis server, if there is one: that of `ORGSCOPE_TEST_REDIS`, else the usual one, else a throw-away one.
///
/// # Panics
/// When there is none and `ORGSCOPE_TEST_REQUIRE` names `redis`.
pub fn redis() -> Option<&'static str> {
    static REDIS: OnceLock<Option<String>> = OnceLock::new();
    let url = REDIS.get_or_init(|| {
        if let Ok(url) = std::env::var("ORGSCOPE_TEST_REDIS") {
            return Some(url);
        }
        let usual = "127.0.0.1:6379";
        let address = match listens(usual) {
            true => Some(usual.to_owned()),
            false => start("redis", start_redis),
        };
        if address.is_none() {
            let required = std::env::var("ORGSCOPE_TEST_REQUIRE").unwrap_or_default();
            assert!(
                !required.split(',').any(|one| one.trim() == "redis"),
                "no Redis server, and ORGSCOPE_TEST_REQUIRE asks for one"
            );
            eprintln!("no Redis server: its tests are left out");
        }
        address.map(|address| format!("redis://{address}/"))
    });
    url.as_deref()
}

fn listens(address: &str) -> bool {
    let address = address.parse().expect("an address");
    TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok()
}

/// Starts a throw-away server that ends with this process.
fn start(name: &str, server: fn(&Path, u16) -> Option<()>) -> Option<String> {
    let port = TcpListener::bind("127.0.0.1:0")
        .ok()?
        .local_addr()
        .ok()?
        .port();
    let name = format!("orgscope_server_{}_{name}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&directory).ok()?;
    server(&directory, port)?;
    let address = format!("127.0.0.1:{port}");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !listens(&address) {
        if Instant::now() > deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Some(address)
}

fn start_postgres(directory: &Path, port: u16) -> Option<()> {
    let initdb = program("initdb")?;
    let postgres = program("postgres")?;
    let data = directory.join("data");
    // PostgreSQL refuses to run as root.
    let user = (current_user() == "root").then_some("postgres");
    if let Some(user) = user {
        run(Command::new("chown").arg(user).arg(directory))?;
    }
    run(as_user(user, &initdb)
        .args(["--auth=trust", "--username=postgres", "--no-sync", "-D"])
        .arg(&data))?;
    until_we_end(
        as_user(user, &postgres)
            .arg("-D")
            .arg(&data)
            .args([
                "-p",
                &port.to_string(),
                "-h",
                "127.0.0.1",
                "-c",
                "fsync=off",
                "-k",
            ])
            .arg(directory),
        directory,
    )
}

fn start_mysql(directory: &Path, port: u16) -> Option<()> {
    let install = program("mariadb-install-db")?;
    let server = program("mariadbd")?;
    let data = directory.join("data");
    let user = format!("--user={}", current_user());
    run(Command::new(install)
        .args([
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            &user,
        ])
        .arg(format!("--datadir={}", data.display())))?;
    until_we_end(
        Command::new(server)
            .args(["--no-defaults", "--bind-address=127.0.0.1", &user])
            .arg(format!("--port={port}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", directory.join("socket").display())),
        directory,
    )
}

fn start_redis(directory: &Path, port: u16) -> Option<()> {
    let server = program("redis-server")?;
    until_we_end(
        Command::new(server)
            .args([
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--port",
                &port.to_string(),
            ])
            .arg("--dir")
            .arg(directory),
        directory,
    )
}

fn current_user() -> String {
    let id = Command::new("id").arg("-un").output();
    id.map_or_else(
        |_| String::new(),
        |id| String::from_utf8_lossy(&id.stdout).trim().to_owned(),
    )
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", user, "--regid", user, "--clear-groups", "--"])
                .arg(program);
            command
        }
    }
}

fn run(command: &mut Command) -> Option<()> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.ok()?.success().then_some(())
}

/// Starts a server under a shell that ends it, and removes its directory, when this process is gone.
fn until_we_end(server: &mut Command, directory: &Path) -> Option<()> {
    const WATCH: &str = "directory=$1; shift; \"$@\" & server=$!; \
        while kill -0 \"$0\" 2>/dev/null; do sleep 1; done; \
        kill $server; wait $server; rm -rf \"$directory\"";
    let mut shell = Command::new("sh");
    shell
        .args(["-c", WATCH])
        .arg(std::process::id().to_string())
        .arg(directory)
        .arg(server.get_program())
        .args(server.get_args());
    let quiet = shell
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.spawn().ok().map(|_| ())
}

/// A program on the path, or where Debian keeps the servers' own.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    directories.push("/usr/sbin".into());
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        directories.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    directories
        .into_iter()
        .map(|directory| directory.join(name))
        .find(|program| program.is_file())
}
