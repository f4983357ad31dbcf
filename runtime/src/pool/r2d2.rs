//! r2d2, with Diesel's own connections.

use diesel::connection::LoadConnection;
use diesel::r2d2::{self, ConnectionManager, PooledConnection, R2D2Connection};
use futures_util::future::BoxFuture;
use tokio::task::spawn_blocking;

use super::{Offloaded, OnThread, Pool};
use crate::dialect::Dialect;
use crate::error::Error;

impl<C> Pool for r2d2::Pool<ConnectionManager<C>>
where
    C: R2D2Connection + LoadConnection<Backend: Dialect> + Send + 'static,
{
    type Connection = Offloaded<Checkout<C>>;

    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>> {
        Box::pin(async move {
            let connection = match self.try_get() {
                Some(connection) => connection,
                // All are in use, or one has to be made: that takes until r2d2's own time is up.
                None => {
                    let pool = self.clone();
                    let waiting = spawn_blocking(move || pool.get());
                    let came = waiting.await.map_err(Error::unavailable)?;
                    came.map_err(Error::unavailable)?
                }
            };
            Ok(Offloaded::new(Checkout(Some(connection))))
        })
    }
}

/// A connection of r2d2. It is away while a statement runs, and goes back to the pool by itself when its request was aborted meanwhile.
pub struct Checkout<C: R2D2Connection + 'static>(Option<PooledConnection<ConnectionManager<C>>>);

impl<C> OnThread for Checkout<C>
where
    C: R2D2Connection + LoadConnection<Backend: Dialect> + Send + 'static,
{
    type Connection = C;

    fn run<T: Send + 'static>(
        &mut self,
        f: impl FnOnce(&mut C) -> T + Send + 'static,
    ) -> BoxFuture<'_, Result<T, Error>> {
        Box::pin(async move {
            let gone = || Error::Unavailable("the connection is gone".into());
            let mut connection = self.0.take().ok_or_else(gone)?;
            let running = spawn_blocking(move || {
                let result = f(&mut connection);
                (connection, result)
            });
            let (connection, result) = running.await.map_err(Error::unavailable)?;
            self.0 = Some(connection);
            Ok(result)
        })
    }
}
