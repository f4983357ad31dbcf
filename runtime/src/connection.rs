//! Synchronous and asynchronous connections, told apart by the compiler.
//!
//! A terminal such as `scoped.load(conn)` is one method for both: on a [`diesel::Connection`] it returns a `Result`, on an
//! asynchronous connection a future of one.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::error::Error;

/// How a connection answers: at once ([`Blocking`]) or by a future ([`Asynchronous`]).
pub trait Kind: 'static {
    /// What a query returns that yields a `T`.
    type Answer<'c, T: Send + 'c>;

    /// An answer that is known without asking the database.
    fn ready<'c, T: Send + 'c>(result: Result<T, Error>) -> Self::Answer<'c, T>;

    /// An answer computed from another one.
    fn map<'c, T: Send + 'c, V: Send + 'c>(
        answer: Self::Answer<'c, T>,
        f: impl FnOnce(Result<T, Error>) -> Result<V, Error> + Send + 'c,
    ) -> Self::Answer<'c, V>;

    /// The answer as a future: for [`in_turn`](Self::in_turn).
    fn wait<'c, T: Send + 'c>(
        answer: Self::Answer<'c, T>,
    ) -> impl Future<Output = Result<T, Error>> + Send + 'c;

    /// Several statements, one after the other: written once, as an asynchronous block that waits for nothing but
    /// [`wait`](Self::wait), so that on a connection that answers at once it never has to wait.
    fn in_turn<'c, T: Send + 'c>(
        steps: impl Future<Output = Result<T, Error>> + Send + 'c,
    ) -> Self::Answer<'c, T>;
}

/// The connection answers at once.
#[derive(Debug)]
pub struct Blocking;

impl Kind for Blocking {
    type Answer<'c, T: Send + 'c> = Result<T, Error>;

    fn ready<'c, T: Send + 'c>(result: Result<T, Error>) -> Result<T, Error> {
        result
    }

    fn map<'c, T: Send + 'c, V: Send + 'c>(
        answer: Result<T, Error>,
        f: impl FnOnce(Result<T, Error>) -> Result<V, Error> + Send + 'c,
    ) -> Result<V, Error> {
        f(answer)
    }

    async fn wait<'c, T: Send + 'c>(answer: Result<T, Error>) -> Result<T, Error> {
        answer
    }

    fn in_turn<'c, T: Send + 'c>(
        steps: impl Future<Output = Result<T, Error>> + Send + 'c,
    ) -> Result<T, Error> {
        let waited = || Error::Unavailable("a connection that answers at once did not".into());
        steps.now_or_never().unwrap_or_else(|| Err(waited()))
    }
}

/// The connection answers by a future.
#[derive(Debug)]
pub struct Asynchronous;

impl Kind for Asynchronous {
    type Answer<'c, T: Send + 'c> = BoxFuture<'c, Result<T, Error>>;

    fn ready<'c, T: Send + 'c>(result: Result<T, Error>) -> BoxFuture<'c, Result<T, Error>> {
        Box::pin(std::future::ready(result))
    }

    fn map<'c, T: Send + 'c, V: Send + 'c>(
        answer: BoxFuture<'c, Result<T, Error>>,
        f: impl FnOnce(Result<T, Error>) -> Result<V, Error> + Send + 'c,
    ) -> BoxFuture<'c, Result<V, Error>> {
        Box::pin(async move { f(answer.await) })
    }

    fn wait<'c, T: Send + 'c>(
        answer: BoxFuture<'c, Result<T, Error>>,
    ) -> impl Future<Output = Result<T, Error>> + Send + 'c {
        answer
    }

    fn in_turn<'c, T: Send + 'c>(
        steps: impl Future<Output = Result<T, Error>> + Send + 'c,
    ) -> BoxFuture<'c, Result<T, Error>> {
        Box::pin(steps)
    }
}

/// A connection that answers in the way `K`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a connection that a scoped query runs on [org115]",
    note = "scoped queries run on Diesel connections, diesel-async connections, `AnyConnection` and `Db`"
)]
pub trait Answers<K: Kind> {}

#[diagnostic::do_not_recommend]
impl<C: diesel::connection::LoadConnection> Answers<Blocking> for C {}

#[cfg(feature = "async")]
#[diagnostic::do_not_recommend]
impl<C: diesel_async::AsyncConnectionCore> Answers<Asynchronous> for C {}
