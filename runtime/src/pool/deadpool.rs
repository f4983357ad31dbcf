//! deadpool, with the connections of diesel-async.

use deadpool::managed::{Manager, Object, Pool as Deadpool};
use diesel_async::AsyncConnection;
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use futures_util::future::BoxFuture;

use super::{Leased, Lent, Pool};
use crate::connection::Asynchronous;
use crate::error::Error;
use crate::transaction::Transaction;

impl<C> Pool for Deadpool<AsyncDieselConnectionManager<C>>
where
    AsyncDieselConnectionManager<C>:
        Manager<Type = C, Error: std::error::Error + Send + Sync> + 'static,
    C: AsyncConnection + 'static,
    Object<AsyncDieselConnectionManager<C>>: Transaction<Asynchronous>,
{
    type Connection = Leased<Object<AsyncDieselConnectionManager<C>>>;

    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>> {
        Box::pin(async move {
            let object = self.get().await;
            object.map(Leased::new).map_err(Error::unavailable)
        })
    }
}

impl<C> Lent for Object<AsyncDieselConnectionManager<C>>
where
    AsyncDieselConnectionManager<C>: Manager<Type = C>,
    C: AsyncConnection + 'static,
{
    fn discard(self) {
        drop(Object::take(self));
    }
}
