//! A connection whose database is chosen at run time, and its pool.

#[cfg(feature = "sqlite")]
mod blocking;
mod connect;

use diesel_async::SimpleAsyncConnection;
use diesel_async::pooled_connection::deadpool;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::connection::{Answers, Asynchronous};
use crate::dialect::Database;
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
use crate::pool::{Leased, Pool};
use crate::transaction::Transaction;

#[cfg(feature = "sqlite")]
type SqliteAsync = diesel_async::sync_connection_wrapper::SyncConnectionWrapper<
    diesel::SqliteConnection,
    blocking::OfTheCaller,
>;
#[cfg(feature = "postgres")]
type PostgresAsync = diesel_async::AsyncPgConnection;
#[cfg(feature = "mysql")]
type MysqlAsync = diesel_async::AsyncMysqlConnection;

/// A connection of the pool of `C`s.
type Lease<C> = Leased<deadpool::Object<C>>;

macro_rules! databases {
    ($($feature:literal, $variant:ident, $on:ident, $streams:ident, $executes:ident, $connection:ident;)*) => {
        /// A connection to one of the databases that are switched on. What it runs has to be valid on each of them.
        // One connection at a time: a box for each would cost more than the bytes.
        #[allow(clippy::large_enum_variant)]
        pub enum AnyConnection {
            $(
                #[cfg(feature = $feature)]
                #[doc(hidden)]
                $variant(Lease<$connection>),
            )*
        }

        /// A pool of connections to the database that a URL names.
        #[derive(Clone)]
        pub enum AnyPool {
            $(
                #[cfg(feature = $feature)]
                #[doc(hidden)]
                $variant(deadpool::Pool<$connection>),
            )*
        }

        /// What a statement has to be on each database; nothing where a database is switched off.
        mod requirements {
            use super::*;
            $(
                #[cfg(feature = $feature)]
                pub trait $on<'q, U: Send>:
                    Fetch<'q, Lease<$connection>, Asynchronous, U> {}
                #[cfg(feature = $feature)]
                impl<'q, U: Send, T> $on<'q, U> for T
                where T: Fetch<'q, Lease<$connection>, Asynchronous, U> {}
                #[cfg(not(feature = $feature))]
                pub trait $on<'q, U> {}
                #[cfg(not(feature = $feature))]
                impl<'q, U, T> $on<'q, U> for T {}

                #[cfg(feature = $feature)]
                pub trait $streams<'q, U: Send>: Stream<'q, Lease<$connection>, U> {}
                #[cfg(feature = $feature)]
                impl<'q, U: Send, T> $streams<'q, U> for T
                where T: Stream<'q, Lease<$connection>, U> {}
                #[cfg(not(feature = $feature))]
                pub trait $streams<'q, U> {}
                #[cfg(not(feature = $feature))]
                impl<'q, U, T> $streams<'q, U> for T {}

                #[cfg(feature = $feature)]
                pub trait $executes<'q>: Execute<'q, Lease<$connection>, Asynchronous> {}
                #[cfg(feature = $feature)]
                impl<'q, T> $executes<'q> for T
                where T: Execute<'q, Lease<$connection>, Asynchronous> {}
                #[cfg(not(feature = $feature))]
                pub trait $executes<'q> {}
                #[cfg(not(feature = $feature))]
                impl<'q, T> $executes<'q> for T {}
            )*
        }

        #[diagnostic::do_not_recommend]
        impl<'q, T, U: Send> Fetch<'q, AnyConnection, Asynchronous, U> for T
        where
            $(T: requirements::$on<'q, U>,)*
        {
            fn fetch<'c>(self, conn: &'c mut AnyConnection) -> BoxFuture<'c, Result<Vec<U>, Error>>
            where 'q: 'c, Self: 'c, U: 'c {
                match conn {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => self.fetch(conn),)*
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, T, U: Send> Stream<'q, AnyConnection, U> for T
        where
            $(T: requirements::$streams<'q, U>,)*
        {
            fn stream<'c>(
                self,
                conn: &'c mut AnyConnection,
            ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
            where 'q: 'c, Self: 'c, U: 'c {
                match conn {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => self.stream(conn),)*
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, T> Execute<'q, AnyConnection, Asynchronous> for T
        where
            $(T: requirements::$executes<'q>,)*
        {
            fn execute<'c>(self, conn: &'c mut AnyConnection) -> BoxFuture<'c, Result<usize, Error>>
            where 'q: 'c, Self: 'c {
                match conn {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => self.execute(conn),)*
                }
            }
        }

        impl Transaction<Asynchronous> for AnyConnection {
            fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
                match self {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => conn.begin(),)*
                }
            }

            fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
                match self {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => conn.commit(),)*
                }
            }

            fn roll_back(&mut self) -> BoxFuture<'_, Result<(), Error>> {
                match self {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => conn.roll_back(),)*
                }
            }
        }

        impl AnyConnection {
            /// The database that this connection talks to.
            pub fn database(&self) -> Database {
                match self {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(_) => Database::$variant,)*
                }
            }

            /// Runs SQL text without binds, several statements if need be: for schemas and seeds.
            ///
            /// # Errors
            /// What the database reports.
            pub async fn batch_execute(&mut self, sql: &str) -> Result<(), Error> {
                match self {
                    $(#[cfg(feature = $feature)] AnyConnection::$variant(conn) => {
                        conn.settle(|conn| Box::pin(async { Ok(conn.batch_execute(sql).await?) })).await?;
                    })*
                }
                Ok(())
            }
        }

        impl AnyPool {
            /// The database that this pool connects to.
            pub fn database(&self) -> Database {
                match self {
                    $(#[cfg(feature = $feature)] AnyPool::$variant(_) => Database::$variant,)*
                }
            }
        }

        impl Pool for AnyPool {
            type Connection = AnyConnection;

            fn connection(&self) -> BoxFuture<'_, Result<AnyConnection, Error>> {
                match self {
                    $(#[cfg(feature = $feature)] AnyPool::$variant(pool) => Box::pin(async move {
                        Ok(AnyConnection::$variant(pool.connection().await?))
                    }),)*
                }
            }
        }
    };
}

databases! {
    "sqlite", Sqlite, OnSqlite, StreamsOnSqlite, ExecutesOnSqlite, SqliteAsync;
    "postgres", Postgres, OnPostgres, StreamsOnPostgres, ExecutesOnPostgres, PostgresAsync;
    "mysql", Mysql, OnMysql, StreamsOnMysql, ExecutesOnMysql, MysqlAsync;
}

#[diagnostic::do_not_recommend]
impl Answers<Asynchronous> for AnyConnection {}
