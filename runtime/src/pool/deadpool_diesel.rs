//! deadpool-diesel: deadpool with Diesel's own connections.

use deadpool::managed::{Manager as Manages, Object, Pool as Deadpool};
use deadpool_diesel::{Connection, Manager};
use diesel::connection::LoadConnection;
use futures_util::future::BoxFuture;

use super::{Offloaded, OnThread, Pool};
use crate::dialect::Dialect;
use crate::error::Error;

impl<C> Pool for Deadpool<Manager<C>>
where
    Manager<C>: Manages<Type = Connection<C>, Error = deadpool_diesel::Error>,
    C: LoadConnection<Backend: Dialect> + Send + 'static,
{
    type Connection = Offloaded<Object<Manager<C>>>;

    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>> {
        Box::pin(async move {
            let object = self.get().await;
            object.map(Offloaded::new).map_err(Error::unavailable)
        })
    }
}

/// A statement whose request was aborted goes on by itself; the next one waits for it.
impl<C> OnThread for Object<Manager<C>>
where
    Manager<C>: Manages<Type = Connection<C>>,
    C: LoadConnection<Backend: Dialect> + Send + 'static,
{
    type Connection = C;

    fn run<T: Send + 'static>(
        &mut self,
        f: impl FnOnce(&mut C) -> T + Send + 'static,
    ) -> BoxFuture<'_, Result<T, Error>> {
        Box::pin(async move {
            let result = self.interact(f).await;
            result.map_err(|error| Error::Unavailable(error.to_string().into()))
        })
    }
}
