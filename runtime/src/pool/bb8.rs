//! bb8, with the connections of diesel-async.

use bb8::{ManageConnection, PooledConnection};
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::{AsyncConnection, TransactionManager};
use futures_util::future::BoxFuture;

use super::{Leased, Lent, Pool};
use crate::connection::Asynchronous;
use crate::error::Error;
use crate::transaction::Transaction;

type Pooled<C> = PooledConnection<'static, AsyncDieselConnectionManager<C>>;

impl<C> Pool for bb8::Pool<AsyncDieselConnectionManager<C>>
where
    AsyncDieselConnectionManager<C>:
        ManageConnection<Connection = C, Error: std::error::Error + Send + Sync> + 'static,
    C: AsyncConnection + 'static,
    Pooled<C>: Transaction<Asynchronous>,
{
    type Connection = Leased<Pooled<C>>;

    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>> {
        Box::pin(async move {
            let connection = self.get_owned().await;
            connection.map(Leased::new).map_err(Error::unavailable)
        })
    }
}

impl<C> Lent for Pooled<C>
where
    AsyncDieselConnectionManager<C>: ManageConnection<Connection = C>,
    C: AsyncConnection + 'static,
{
    /// bb8 has no way to give up a connection, and asks its manager instead whether it is broken: one whose transactions are is.
    fn discard(mut self) {
        C::TransactionManager::transaction_manager_status_mut(&mut *self).set_in_error();
    }
}
