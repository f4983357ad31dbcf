//! Synchronous connections in asynchronous handlers.

use diesel::connection::LoadConnection;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::connection::{Answers, Asynchronous, Blocking};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
use crate::transaction::Transaction;

/// A synchronous connection that is lent to threads for what blocks.
pub trait OnThread: Send + 'static {
    /// What a thread works with.
    type Connection: LoadConnection<Backend: Dialect> + 'static;

    /// Runs something there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it panicked, or the runtime is shutting down.
    fn run<T: Send + 'static>(
        &mut self,
        f: impl FnOnce(&mut Self::Connection) -> T + Send + 'static,
    ) -> BoxFuture<'_, Result<T, Error>>;
}

/// A synchronous connection of a pool, whose statements run on threads for what blocks. They own their values, because a thread does not
/// end with the request; rows that are streamed have all been read first.
///
/// One whose transaction was left open does not go back: its pool asks for that.
pub struct Offloaded<L>(L);

impl<L> Offloaded<L> {
    pub(super) fn new(lent: L) -> Offloaded<L> {
        Offloaded(lent)
    }
}

impl<L> std::fmt::Debug for Offloaded<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offloaded").finish_non_exhaustive()
    }
}

impl<L: OnThread> Offloaded<L> {
    fn run<T: Send + 'static>(
        &mut self,
        f: impl FnOnce(&mut L::Connection) -> Result<T, Error> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, Error>> {
        Box::pin(async move { self.0.run(counted(f)).await? })
    }
}

/// What a thread runs counts for the request that waits for it.
#[cfg(feature = "__web")]
fn counted<C, T>(f: impl FnOnce(&mut C) -> T) -> impl FnOnce(&mut C) -> T {
    let count = crate::statements::Count::of_request();
    move |conn| match count {
        Some(count) => count.within(|| f(conn)),
        None => f(conn),
    }
}

#[cfg(not(feature = "__web"))]
fn counted<F>(f: F) -> F {
    f
}

impl<L: OnThread> Answers<Asynchronous> for Offloaded<L> {}

impl<L: OnThread> Transaction<Asynchronous> for Offloaded<L> {
    fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        self.run(Transaction::<Blocking>::begin)
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        self.run(Transaction::<Blocking>::commit)
    }

    fn roll_back(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        self.run(Transaction::<Blocking>::roll_back)
    }
}

#[diagnostic::do_not_recommend]
impl<L, T, U> Fetch<'static, Offloaded<L>, Asynchronous, U> for T
where
    L: OnThread,
    U: Send + 'static,
    T: Fetch<'static, L::Connection, Blocking, U> + Send + 'static,
{
    fn fetch<'c>(self, conn: &'c mut Offloaded<L>) -> BoxFuture<'c, Result<Vec<U>, Error>>
    where
        'static: 'c,
        Self: 'c,
        U: 'c,
    {
        conn.run(|conn| self.fetch(conn))
    }
}

#[diagnostic::do_not_recommend]
impl<L, T> Execute<'static, Offloaded<L>, Asynchronous> for T
where
    L: OnThread,
    T: Execute<'static, L::Connection, Blocking> + Send + 'static,
{
    fn execute<'c>(self, conn: &'c mut Offloaded<L>) -> BoxFuture<'c, Result<usize, Error>>
    where
        'static: 'c,
        Self: 'c,
    {
        conn.run(|conn| self.execute(conn))
    }
}

#[diagnostic::do_not_recommend]
impl<L, T, U> Stream<'static, Offloaded<L>, U> for T
where
    L: OnThread,
    U: Send + 'static,
    T: Fetch<'static, L::Connection, Blocking, U> + Send + 'static,
{
    fn stream<'c>(
        self,
        conn: &'c mut Offloaded<L>,
    ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
    where
        'static: 'c,
        Self: 'c,
        U: 'c,
    {
        let loading = conn.run(|conn| self.fetch(conn));
        Box::pin(async move { Ok(stream::iter(loading.await?.into_iter().map(Ok)).boxed()) })
    }
}
