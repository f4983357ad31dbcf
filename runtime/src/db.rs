//! [`Db`]: what a handler runs scoped queries on.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::any::AnyPool;
use crate::connection::{Answers, Asynchronous};
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
use crate::pool::Pool;
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

#[diagnostic::do_not_recommend]
impl<'q, P, T, U> Fetch<'q, Db<P>, Asynchronous, U> for T
where
    P: Pool,
    U: Send,
    T: Fetch<'q, P::Connection, Asynchronous, U> + Send,
{
    fn fetch<'c>(self, db: &'c mut Db<P>) -> BoxFuture<'c, Result<Vec<U>, Error>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        Box::pin(async move { self.fetch(db.connection().await?).await })
    }
}

#[diagnostic::do_not_recommend]
impl<'q, P, T> Execute<'q, Db<P>, Asynchronous> for T
where
    P: Pool,
    T: Execute<'q, P::Connection, Asynchronous> + Send,
{
    fn execute<'c>(self, db: &'c mut Db<P>) -> BoxFuture<'c, Result<usize, Error>>
    where
        'q: 'c,
        Self: 'c,
    {
        Box::pin(async move { self.execute(db.connection().await?).await })
    }
}

#[diagnostic::do_not_recommend]
impl<'q, P, T, U> Stream<'q, Db<P>, U> for T
where
    P: Pool,
    U: Send,
    T: Stream<'q, P::Connection, U> + Send,
{
    fn stream<'c>(
        self,
        db: &'c mut Db<P>,
    ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        Box::pin(async move { self.stream(db.connection().await?).await })
    }
}
