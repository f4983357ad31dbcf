//! Pools by a URL.

use ::deadpool::managed::{Hook, Metrics};
use diesel::connection::Instrumentation;
use diesel_async::AsyncConnection;
#[cfg(feature = "sqlite")]
use diesel_async::SimpleAsyncConnection;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool,
};

use super::AnyPool;
#[cfg(feature = "mysql")]
use super::MysqlAsync;
#[cfg(feature = "postgres")]
use super::PostgresAsync;
#[cfg(feature = "sqlite")]
use super::SqliteAsync;
use crate::audit::Auditor;
use crate::error::Error;

/// How long a request waits for a connection before the database counts as unavailable.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Builds a pool. A macro, because the bounds of deadpool's manager cannot be named for a type parameter.
macro_rules! pool {
    ($connection:ty, $url:expr, $size:expr, $config:expr, $listener:expr) => {{
        let manager = AsyncDieselConnectionManager::<$connection>::new_with_config($url, $config);
        let builder = deadpool::Pool::builder(manager)
            .max_size($size)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .runtime(::deadpool::Runtime::Tokio1);
        let builder = match $listener.cloned() {
            Some(listener) => {
                builder.post_create(Hook::sync_fn(move |conn: &mut $connection, _: &Metrics| {
                    conn.set_instrumentation(listener.clone());
                    Ok(())
                }))
            }
            None => builder,
        };
        let pool = builder.build();
        pool.map_err(Error::unavailable)
    }};
}

impl AnyPool {
    /// A pool of at most `size` connections to the database that `url` names: `postgres://…`, `mysql://…`, or the path of
    /// an SQLite file (`:memory:` only with one connection, which is then the database).
    ///
    /// No connection is made before the first is asked for.
    ///
    /// # Errors
    /// [`Error::Unavailable`] for a database that this build was not made for.
    pub fn connect(url: &str, size: usize) -> Result<AnyPool, Error> {
        Self::connect_with(url, size, None::<&Auditor>)
    }

    /// [`connect`](Self::connect), with an auditor that listens to every connection.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn connect_audited(url: &str, size: usize, auditor: &Auditor) -> Result<AnyPool, Error> {
        Self::connect_with(url, size, Some(auditor))
    }

    /// The same with anybody who listens.
    pub(crate) fn connect_with<L>(
        url: &str,
        size: usize,
        listener: Option<&L>,
    ) -> Result<AnyPool, Error>
    where
        L: Instrumentation + Clone + Sync + 'static,
    {
        match url.split_once("://").map(|(scheme, _)| scheme) {
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => Ok(AnyPool::Postgres(pool!(
                PostgresAsync,
                url,
                size,
                without_ping(),
                listener
            )?)),
            #[cfg(feature = "mysql")]
            Some("mysql" | "mariadb") => {
                let url = url.replacen("mariadb://", "mysql://", 1);
                Ok(AnyPool::Mysql(pool!(
                    MysqlAsync,
                    url,
                    size,
                    without_ping(),
                    listener
                )?))
            }
            #[cfg(feature = "sqlite")]
            None | Some("sqlite" | "file") => {
                let path = url.strip_prefix("sqlite://").unwrap_or(url);
                Ok(AnyPool::Sqlite(pool!(
                    SqliteAsync,
                    path,
                    size,
                    sqlite_config(),
                    listener
                )?))
            }
            scheme => Err(Error::Unavailable(
                format!(
                    "this build has no driver for `{}`",
                    scheme.unwrap_or("sqlite")
                )
                .into(),
            )),
        }
    }
}

/// A connection that broke is noticed when it is used; asking `SELECT 1` before each use would double the round trips.
fn without_ping<C: 'static>() -> ManagerConfig<C>
where
    ManagerConfig<C>: Default,
{
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config
}

/// Foreign keys are enforced, readers do not wait for the writer, and a writer waits for another one.
#[cfg(feature = "sqlite")]
fn sqlite_config() -> ManagerConfig<SqliteAsync> {
    let mut config = without_ping();
    config.custom_setup = Box::new(|path| {
        let connecting = <SqliteAsync as diesel_async::AsyncConnection>::establish(path);
        Box::pin(async move {
            let mut conn = connecting.await?;
            conn.batch_execute(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;",
            )
            .await
            .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            Ok(conn)
        })
    });
    config
}
