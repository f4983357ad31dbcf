//! Asynchronous connections as pools lend them.

use diesel_async::AsyncConnection;
use diesel_async::pooled_connection::AsyncDieselConnectionManager as OfAsync;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::connection::{Answers, Asynchronous};
use crate::error::Error;
use crate::fetch::{Execute, Fetch, Stream};
use crate::transaction::Transaction;

/// A connection that goes back to its pool when it is dropped.
pub trait Lent: AsyncConnection + 'static {
    /// Closes it instead.
    fn discard(self);
}

/// A connection of a pool. It does not go back while a statement or a transaction is unfinished, because its request was aborted, or after
/// one that failed for want of a database: the next caller would be given somebody else's answer, or a dead connection.
pub struct Leased<L: Lent> {
    lent: Option<L>,
    unfinished: bool,
    /// How many transactions are open, one within the other.
    open: u32,
}

impl<L: Lent> Drop for Leased<L> {
    fn drop(&mut self) {
        if let (true, Some(lent)) = (self.unfinished || self.open > 0, self.lent.take()) {
            lent.discard();
        }
    }
}

impl<L: Lent> std::fmt::Debug for Leased<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leased")
            .field("unfinished", &self.unfinished)
            .finish_non_exhaustive()
    }
}

impl<L: Lent> Leased<L> {
    pub(super) fn new(lent: L) -> Leased<L> {
        Leased {
            lent: Some(lent),
            unfinished: false,
            open: 0,
        }
    }

    /// Runs a statement that counts as unfinished until it has come to an end.
    pub(crate) fn settle<'c, T: Send + 'c>(
        &'c mut self,
        run: impl FnOnce(&'c mut L) -> BoxFuture<'c, Result<T, Error>>,
    ) -> BoxFuture<'c, Result<T, Error>> {
        let Leased {
            lent, unfinished, ..
        } = self;
        let Some(lent) = lent else {
            return Box::pin(std::future::ready(Err(gone())));
        };
        let running = run(lent);
        Box::pin(async move {
            *unfinished = true;
            let result = running.await;
            *unfinished = matches!(result, Err(Error::Unavailable(_)));
            result
        })
    }
}

/// A connection leaves its lease only when the lease is dropped.
fn gone() -> Error {
    Error::Unavailable("the connection is gone".into())
}

impl<L: Lent> Answers<Asynchronous> for Leased<L> {}

/// What runs on a pool's connections runs on leased ones. For each kind of pool by itself: for all of them at once, the compiler would look for
/// leases of leases without end when a query is wrong.
macro_rules! lent {
    ($lent:ty, $pool:ty: $manages:path) => {
        impl<C> Transaction<Asynchronous> for Leased<$lent>
        where
            C: AsyncConnection + 'static,
            $pool: $manages,
            $lent: Lent + Transaction<Asynchronous>,
        {
            fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
                self.open += 1;
                self.settle(Transaction::begin)
            }

            fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
                Box::pin(async move {
                    self.settle(Transaction::commit).await?;
                    self.open = self.open.saturating_sub(1);
                    Ok(())
                })
            }

            fn roll_back(&mut self) -> BoxFuture<'_, Result<(), Error>> {
                Box::pin(async move {
                    self.settle(Transaction::roll_back).await?;
                    self.open = self.open.saturating_sub(1);
                    Ok(())
                })
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, C, T, U> Fetch<'q, Leased<$lent>, Asynchronous, U> for T
        where
            C: AsyncConnection + 'static,
            $pool: $manages,
            $lent: Lent,
            U: Send,
            T: Fetch<'q, $lent, Asynchronous, U> + Send,
        {
            fn fetch<'c>(self, conn: &'c mut Leased<$lent>) -> BoxFuture<'c, Result<Vec<U>, Error>>
            where
                'q: 'c,
                Self: 'c,
                U: 'c,
            {
                conn.settle(|lent| self.fetch(lent))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, C, T> Execute<'q, Leased<$lent>, Asynchronous> for T
        where
            C: AsyncConnection + 'static,
            $pool: $manages,
            $lent: Lent,
            T: Execute<'q, $lent, Asynchronous> + Send,
        {
            fn execute<'c>(self, conn: &'c mut Leased<$lent>) -> BoxFuture<'c, Result<usize, Error>>
            where
                'q: 'c,
                Self: 'c,
            {
                conn.settle(|lent| self.execute(lent))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'q, C, T, U> Stream<'q, Leased<$lent>, U> for T
        where
            C: AsyncConnection + 'static,
            $pool: $manages,
            $lent: Lent,
            U: Send,
            T: Stream<'q, $lent, U> + Send,
        {
            fn stream<'c>(
                self,
                conn: &'c mut Leased<$lent>,
            ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
            where
                'q: 'c,
                Self: 'c,
                U: 'c,
            {
                let Leased {
                    lent, unfinished, ..
                } = conn;
                let Some(lent) = lent else {
                    return Box::pin(std::future::ready(Err(gone())));
                };
                let starting = self.stream(lent);
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
    };
}

lent!(
    deadpool::managed::Object<OfAsync<C>>,
    OfAsync<C>: deadpool::managed::Manager<Type = C>
);
#[cfg(feature = "bb8")]
lent!(
    bb8::PooledConnection<'static, OfAsync<C>>,
    OfAsync<C>: bb8::ManageConnection<Connection = C>
);
#[cfg(feature = "mobc")]
lent!(
    mobc::Connection<OfAsync<C>>,
    OfAsync<C>: mobc::Manager<Connection = C>
);
