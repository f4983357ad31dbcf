//! Connections to Redis.

use std::time::Duration;

use redis::Client;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::error::Error;

/// A connection that is made when it is first used, and made anew when it breaks. `patience` is how long Redis may take to connect, and to
/// answer.
///
/// # Errors
/// [`Error::Unavailable`] for what is no address of Redis.
pub(crate) fn connect(
    url: &str,
    patience: Duration,
    retries: usize,
) -> Result<ConnectionManager, Error> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(patience))
        .set_response_timeout(Some(patience))
        .set_number_of_retries(retries);
    let client = Client::open(url).map_err(Error::unavailable)?;
    ConnectionManager::new_lazy_with_config(client, config).map_err(Error::unavailable)
}
