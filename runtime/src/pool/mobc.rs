//! mobc, with the connections of diesel-async.

use diesel_async::AsyncConnection;
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use futures_util::future::BoxFuture;
use mobc::{Connection, Manager};

use super::{Leased, Lent, Pool};
use crate::connection::Asynchronous;
use crate::error::Error;
use crate::transaction::Transaction;

type Pooled<C> = Connection<AsyncDieselConnectionManager<C>>;

impl<C> Pool for mobc::Pool<AsyncDieselConnectionManager<C>>
where
    AsyncDieselConnectionManager<C>:
        Manager<Connection = C, Error: std::error::Error + Send + Sync> + 'static,
    C: AsyncConnection + 'static,
    Pooled<C>: Transaction<Asynchronous>,
{
    type Connection = Leased<Pooled<C>>;

    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>> {
        Box::pin(async move {
            let connection = self.get().await;
            connection.map(Leased::new).map_err(Error::unavailable)
        })
    }
}

impl<C> Lent for Pooled<C>
where
    AsyncDieselConnectionManager<C>: Manager<Connection = C>,
    C: AsyncConnection + 'static,
{
    fn discard(self) {
        drop(self.into_inner());
    }
}
