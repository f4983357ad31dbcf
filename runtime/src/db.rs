//! [`Db`]: what a handler runs scoped queries on.

use diesel_async::pooled_connection::AsyncDieselConnectionManager as OfAsync;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::any::{AnyConnection, AnyPool};
use crate::connection::{Answers, Asynchronous};
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
#[cfg(feature = "r2d2")]
use crate::pool::Checkout;
#[cfg(any(feature = "r2d2", feature = "deadpool-diesel"))]
use crate::pool::Offloaded;
use crate::pool::{Leased, Pool};
use crate::transaction::Transaction;

/// A handler's database handle. It takes a connection from the pool when it is first used, and is no Diesel connection:
/// only scoped queries run on it.
pub struct Db<P: Pool = AnyPool> {
    pool: P,
    connection: Option<P::Connection>,
}

impl<P: Pool> Db<P> {
    pub(crate) fn new(pool: P) -> Db<P> {
        let connection = None;
        Db { pool, connection }
    }

    pub(crate) async fn connection(&mut self) -> Result<&mut P::Connection, Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.pool.connection().await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Runs steps of which all are kept, or none: after an error they are undone, and so they are if the request is aborted. What runs within is
    /// scoped like everything else. A transaction within a transaction is a savepoint.
    ///
    /// # Errors
    /// That of the steps; [`Error::Unavailable`] if the transaction cannot be begun or committed.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use orgscope::prelude::*;
    /// # diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
    /// # #[derive(Queryable, Selectable, OrgScoped)]
    /// # #[diesel(table_name = devices)]
    /// # struct Device { id: i32, name: String, organization_id: i32 }
    /// # #[derive(OrgChangeset)]
    /// # #[diesel(table_name = devices)]
    /// # #[org_changeset(model = Device)]
    /// # struct Renamed { name: Option<String> }
    /// # async fn swap(devices: Scoped<Device>, mut db: Db) -> Result<(), Error> {
    /// let named = |name: &str| Renamed { name: Some(name.to_owned()) };
    /// db.transaction(async |tx| {
    ///     devices.clone().find(1).update(named("left")).execute(tx).await?;
    ///     devices.find(2).update(named("right")).execute(tx).await
    /// })
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn transaction<T, E>(
        &mut self,
        steps: impl AsyncFnOnce(&mut Db<P>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        // Its connection comes back at its end only: what runs later never runs in a transaction that was given up.
        let mut tx = Db {
            pool: self.pool.clone(),
            connection: self.connection.take(),
        };
        tx.begin().await?;
        let result = steps(&mut tx).await;
        match &result {
            Ok(_) => tx.commit().await?,
            // The first error says more than one of the way back.
            Err(_) if tx.roll_back().await.is_err() => return result,
            Err(_) => {}
        }
        self.connection = tx.connection;
        result
    }
}

impl<P: Pool> std::fmt::Debug for Db<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("connected", &self.connection.is_some())
            .finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<P: Pool> Answers<Asynchronous> for Db<P> {}

impl<P: Pool> Transaction<Asynchronous> for Db<P> {
    fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move { self.connection().await?.begin().await })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move { self.connection().await?.commit().await })
    }

    fn roll_back(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move { self.connection().await?.roll_back().await })
    }
}

/// What runs on the connections of a pool runs on its [`Db`]. For each kind of pool by itself: for all of them at once, the compiler would look
/// for pools of pools without end when a query is wrong.
macro_rules! of_pool {
    ([$($of:ident)?] $pool:ty, $connection:ty $(, where $($bounds:tt)*)?) => {
        #[diagnostic::do_not_recommend]
        impl<'q, $($of,)? T, U> Fetch<'q, Db<$pool>, Asynchronous, U> for T
        where
            U: Send,
            T: Fetch<'q, $connection, Asynchronous, U> + Send,
            $($($bounds)*)?
        {
            fn fetch<'c>(self, db: &'c mut Db<$pool>) -> BoxFuture<'c, Result<Vec<U>, Error>>
            where
                'q: 'c,
                Self: 'c,
                U: 'c,
            {
                Box::pin(async move { self.fetch(db.connection().await?).await })
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, $($of,)? T> Execute<'q, Db<$pool>, Asynchronous> for T
        where
            T: Execute<'q, $connection, Asynchronous> + Send,
            $($($bounds)*)?
        {
            fn execute<'c>(self, db: &'c mut Db<$pool>) -> BoxFuture<'c, Result<usize, Error>>
            where
                'q: 'c,
                Self: 'c,
            {
                Box::pin(async move { self.execute(db.connection().await?).await })
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, $($of,)? T, U> Stream<'q, Db<$pool>, U> for T
        where
            U: Send,
            T: Stream<'q, $connection, U> + Send,
            $($($bounds)*)?
        {
            fn stream<'c>(
                self,
                db: &'c mut Db<$pool>,
            ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
            where
                'q: 'c,
                Self: 'c,
                U: 'c,
            {
                Box::pin(async move { self.stream(db.connection().await?).await })
            }
        }
    };
}

of_pool!([] AnyPool, AnyConnection);
of_pool!(
    [C] diesel_async::pooled_connection::deadpool::Pool<C>, Leased<deadpool::managed::Object<OfAsync<C>>>,
    where
        C: diesel_async::AsyncConnection + 'static,
        OfAsync<C>: deadpool::managed::Manager<Type = C>,
        deadpool::managed::Pool<OfAsync<C>>: Pool<Connection = Leased<deadpool::managed::Object<OfAsync<C>>>>,
);
#[cfg(feature = "bb8")]
of_pool!(
    [C] bb8::Pool<OfAsync<C>>, Leased<bb8::PooledConnection<'static, OfAsync<C>>>,
    where
        C: diesel_async::AsyncConnection + 'static,
        OfAsync<C>: bb8::ManageConnection<Connection = C>,
        bb8::Pool<OfAsync<C>>: Pool<Connection = Leased<bb8::PooledConnection<'static, OfAsync<C>>>>,
);
#[cfg(feature = "mobc")]
of_pool!(
    [C] mobc::Pool<OfAsync<C>>, Leased<mobc::Connection<OfAsync<C>>>,
    where
        C: diesel_async::AsyncConnection + 'static,
        OfAsync<C>: mobc::Manager<Connection = C>,
        mobc::Pool<OfAsync<C>>: Pool<Connection = Leased<mobc::Connection<OfAsync<C>>>>,
);
#[cfg(feature = "r2d2")]
of_pool!(
    [C] diesel::r2d2::Pool<diesel::r2d2::ConnectionManager<C>>, Offloaded<Checkout<C>>,
    where
        C: diesel::r2d2::R2D2Connection + 'static,
        diesel::r2d2::Pool<diesel::r2d2::ConnectionManager<C>>: Pool<Connection = Offloaded<Checkout<C>>>,
);
#[cfg(feature = "deadpool-diesel")]
of_pool!(
    [C] deadpool::managed::Pool<deadpool_diesel::Manager<C>>, Offloaded<deadpool::managed::Object<deadpool_diesel::Manager<C>>>,
    where
        C: 'static,
        deadpool_diesel::Manager<C>: deadpool::managed::Manager,
        deadpool::managed::Pool<deadpool_diesel::Manager<C>>:
            Pool<Connection = Offloaded<deadpool::managed::Object<deadpool_diesel::Manager<C>>>>,
);
