//! [`Db`]: what a handler runs scoped queries on.

use deadpool::managed::{self, Manager};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::any::{AnyConnection, AnyPool};
use crate::connection::{Answers, Asynchronous};
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
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
    ([$($manager:ident)?] $pool:ty, $connection:ty $(, where $($bounds:tt)*)?) => {
        #[diagnostic::do_not_recommend]
        impl<'q, $($manager,)? T, U> Fetch<'q, Db<$pool>, Asynchronous, U> for T
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
        impl<'q, $($manager,)? T> Execute<'q, Db<$pool>, Asynchronous> for T
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
        impl<'q, $($manager,)? T, U> Stream<'q, Db<$pool>, U> for T
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
    [M] managed::Pool<M>, Leased<M>,
    where
        M: Manager<Type: Send> + 'static,
        managed::Pool<M>: Pool<Connection = Leased<M>>,
);
