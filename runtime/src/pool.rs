//! Pools of asynchronous connections.

use deadpool::managed;
use futures_util::future::BoxFuture;

use crate::connection::{Answers, Asynchronous};
use crate::error::Error;

/// Where connections come from. Every deadpool of diesel-async connections is one.
pub trait Pool: Clone + Send + Sync + 'static {
    /// A connection that goes back to the pool when it is dropped.
    type Connection: Answers<Asynchronous> + Send + 'static;

    /// Takes a connection.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is none to be had.
    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>>;
}

impl<M> Pool for managed::Pool<M>
where
    M: managed::Manager<Error: std::error::Error + Send + Sync> + 'static,
    M::Type: diesel_async::AsyncConnection,
{
    type Connection = managed::Object<M>;

    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>> {
        Box::pin(async move {
            let connection = self.get().await;
            connection.map_err(|error| Error::Unavailable(Box::new(error)))
        })
    }
}
