//! Pools of asynchronous connections.

use deadpool::managed::{self, Manager, Object};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::connection::{Answers, Asynchronous};
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
use crate::transaction::Transaction;

/// Where connections come from. Every deadpool of diesel-async connections is one.
pub trait Pool: Clone + Send + Sync + 'static {
    /// A connection that goes back to the pool when it is dropped.
    type Connection: Answers<Asynchronous> + Transaction<Asynchronous> + Send + 'static;

    /// Takes a connection.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is none to be had.
    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>>;
}

impl<M> Pool for managed::Pool<M>
where
    M: Manager<Error: std::error::Error + Send + Sync> + 'static,
    M::Type: diesel_async::AsyncConnection,
    Leased<M>: Transaction<Asynchronous>,
{
    type Connection = Leased<M>;

    fn connection(&self) -> BoxFuture<'_, Result<Leased<M>, Error>> {
        Box::pin(async move {
            match self.get().await {
                Ok(object) => Ok(Leased {
                    object: Some(object),
                    unfinished: false,
                    open: false,
                }),
                Err(error) => Err(Error::Unavailable(Box::new(error))),
            }
        })
    }
}

/// A connection of a pool. It does not go back while a statement or a transaction is unfinished, because its request was aborted, or after
/// one that failed for want of a database: the next caller would be given somebody else's answer, or a dead connection.
pub struct Leased<M: Manager> {
    object: Option<Object<M>>,
    unfinished: bool,
    /// A transaction is open.
    open: bool,
}

impl<M: Manager> Drop for Leased<M> {
    fn drop(&mut self) {
        if let (true, Some(object)) = (self.unfinished || self.open, self.object.take()) {
            drop(Object::take(object));
        }
    }
}

impl<M: Manager> std::fmt::Debug for Leased<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leased")
            .field("unfinished", &self.unfinished)
            .finish_non_exhaustive()
    }
}

impl<M: Manager> Leased<M> {
    /// Runs a statement that counts as unfinished until it has come to an end.
    pub(crate) fn settle<'c, T: Send + 'c>(
        &'c mut self,
        run: impl FnOnce(&'c mut Object<M>) -> BoxFuture<'c, Result<T, Error>>,
    ) -> BoxFuture<'c, Result<T, Error>> {
        let Leased {
            object, unfinished, ..
        } = self;
        let Some(object) = object else {
            return Box::pin(std::future::ready(Err(gone())));
        };
        let running = run(object);
        Box::pin(async move {
            *unfinished = true;
            let result = running.await;
            *unfinished = matches!(result, Err(Error::Unavailable(_)));
            result
        })
    }
}

/// The object leaves a lease only when the lease is dropped.
fn gone() -> Error {
    Error::Unavailable("the connection is gone".into())
}

impl<M: Manager> Answers<Asynchronous> for Leased<M> {}

impl<M> Transaction<Asynchronous> for Leased<M>
where
    M: Manager<Type: diesel_async::AsyncConnection> + 'static,
    Object<M>: Transaction<Asynchronous>,
{
    fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        self.open = true;
        self.settle(Transaction::begin)
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            self.settle(Transaction::commit).await?;
            self.open = false;
            Ok(())
        })
    }

    fn roll_back(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            self.settle(Transaction::roll_back).await?;
            self.open = false;
            Ok(())
        })
    }
}

#[diagnostic::do_not_recommend]
impl<'q, M, T, U> Fetch<'q, Leased<M>, Asynchronous, U> for T
where
    M: Manager<Type: Send> + 'static,
    U: Send,
    T: Fetch<'q, Object<M>, Asynchronous, U> + Send,
{
    fn fetch<'c>(self, conn: &'c mut Leased<M>) -> BoxFuture<'c, Result<Vec<U>, Error>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        conn.settle(|object| self.fetch(object))
    }
}

#[diagnostic::do_not_recommend]
impl<'q, M, T> Execute<'q, Leased<M>, Asynchronous> for T
where
    M: Manager<Type: Send> + 'static,
    T: Execute<'q, Object<M>, Asynchronous> + Send,
{
    fn execute<'c>(self, conn: &'c mut Leased<M>) -> BoxFuture<'c, Result<usize, Error>>
    where
        'q: 'c,
        Self: 'c,
    {
        conn.settle(|object| self.execute(object))
    }
}

#[diagnostic::do_not_recommend]
impl<'q, M, T, U> Stream<'q, Leased<M>, U> for T
where
    M: Manager<Type: Send> + 'static,
    U: Send,
    T: Stream<'q, Object<M>, U> + Send,
{
    fn stream<'c>(
        self,
        conn: &'c mut Leased<M>,
    ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        let Leased {
            object, unfinished, ..
        } = conn;
        let Some(object) = object else {
            return Box::pin(std::future::ready(Err(gone())));
        };
        let starting = self.stream(object);
        Box::pin(async move {
            *unfinished = true;
            let rows = starting.await?;
            // It has come to an end when there are no more rows; an error in between leaves it unfinished.
            let to_the_end = stream::unfold(Some((rows, unfinished)), |state| async {
                let (mut rows, unfinished) = state?;
                match rows.next().await {
                    Some(Ok(row)) => Some((Ok(row), Some((rows, unfinished)))),
                    Some(Err(error)) => Some((Err(error), None)),
                    None => {
                        *unfinished = false;
                        None
                    }
                }
            });
            Ok(to_the_end.boxed())
        })
    }
}
