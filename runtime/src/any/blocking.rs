//! Where the statements of a synchronous connection run.

use std::error::Error;

use diesel_async::sync_connection_wrapper::SpawnBlocking;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

/// On the blocking threads of whichever runtime a statement is run in: a connection outlives the runtime that it was made in, as those of
/// actix's threads. What is dropped goes on by itself, and its connection does not go back to the pool.
#[derive(Clone, Copy, Debug)]
pub struct OfTheCaller;

impl SpawnBlocking for OfTheCaller {
    fn spawn_blocking<'a, R>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync + 'static>>>
    where
        R: Send + 'static,
    {
        Box::pin(async move {
            let running = Handle::try_current()?.spawn_blocking(task);
            Ok(running.await?)
        })
    }

    fn get_runtime() -> Self {
        OfTheCaller
    }
}
