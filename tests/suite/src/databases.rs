//! Fresh databases on SQLite, PostgreSQL and MariaDB.

use std::sync::atomic::{AtomicU32, Ordering};

use orgscope::AnyPool;
use orgscope::audit::{Auditor, UNSCOPED};
use orgscope::dialect::Database;
use orgscope::pool::Pool;

use crate::servers;

/// The three databases.
pub const ALL: [Database; 3] = [Database::Sqlite, Database::Postgres, Database::Mysql];

/// A database of its own for one test, gone when it is dropped by [`Fresh::remove`].
pub struct Fresh {
    pub pool: AnyPool,
    pub database: Database,
    /// Listens to the pool. What it finds fails the test.
    pub auditor: Auditor,
    url: String,
    name: String,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Fresh {
    /// Makes one; `None` if there is no server for it.
    pub async fn make(database: Database) -> Option<Fresh> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("orgscope_test_{}_{number}", std::process::id());
        let url = match database {
            Database::Sqlite => {
                let file = std::env::temp_dir().join(format!("{name}.sqlite"));
                remove_sqlite(&file.display().to_string());
                file.display().to_string()
            }
            server => {
                let base = servers::url(server)?;
                batch(
                    &format!("{base}/{}", admin(server)),
                    &format!("CREATE DATABASE {name}"),
                )
                .await;
                format!("{base}/{name}")
            }
        };
        let auditor = Auditor::new();
        let pool = AnyPool::connect_audited(&url, 4, &auditor).expect("a pool");
        Some(Fresh {
            pool,
            database,
            auditor,
            url,
            name,
        })
    }

    /// The URL, for connections of other kinds.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A pool of other connections.
    pub fn another_pool(&self) -> AnyPool {
        AnyPool::connect_audited(&self.url, 4, &self.auditor).expect("a pool")
    }

    /// Runs SQL text, of which the auditor hears nothing.
    pub async fn batch(&self, sql: &str) {
        let mut conn = self.pool.connection().await.expect("a connection");
        conn.batch_execute(&unscoped(sql))
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// A pool of connections to a PostgreSQL database whose role owns nothing, and may read and write everything.
    pub async fn guest(&self, size: usize) -> AnyPool {
        let (base, name) = self.url.rsplit_once('/').expect("a URL");
        let (_, server) = base.rsplit_once('@').expect("a server");
        let role = format!("{name}_guest");
        self.batch(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'guest';
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
        ))
        .await;
        let url = format!("postgres://{role}:guest@{server}/{name}");
        AnyPool::connect(&url, size).expect("a pool")
    }

    /// Removes it.
    pub async fn remove(self) {
        let Fresh {
            pool,
            database,
            auditor,
            url,
            name,
        } = self;
        drop(pool);
        assert_eq!(auditor.findings(), [], "statements without their scope");
        match database {
            Database::Sqlite => remove_sqlite(&url),
            Database::Postgres => {
                let base = servers::url(database).expect("it was there");
                let server = format!("{base}/postgres");
                batch(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
                batch(&server, &format!("DROP ROLE IF EXISTS {name}_guest")).await;
            }
            Database::Mysql => {
                let base = servers::url(database).expect("it was there");
                batch(&format!("{base}/mysql"), &format!("DROP DATABASE {name}")).await;
            }
        }
    }
}

/// SQL text of which an auditor hears nothing.
pub fn unscoped(sql: &str) -> String {
    format!("{UNSCOPED} {sql}")
}

/// The database that a server has from the start.
fn admin(server: Database) -> &'static str {
    match server {
        Database::Mysql => "mysql",
        _ => "postgres",
    }
}

async fn batch(url: &str, sql: &str) {
    let pool = AnyPool::connect(url, 1).expect("a pool");
    let mut conn = pool.connection().await.expect("a connection");
    conn.batch_execute(sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

fn remove_sqlite(path: &str) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{suffix}"));
    }
}

/// Runs a test on a fresh database of each kind that there is. Each gets a runtime of its own, so that nothing of one
/// outlives it.
pub fn on_each<F>(test: impl Fn(Fresh) -> F)
where
    F: Future<Output = Fresh>,
{
    for database in ALL {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let Some(fresh) = Fresh::make(database).await else {
                return;
            };
            eprintln!("on {database:?}");
            test(fresh).await.remove().await;
        });
    }
}
