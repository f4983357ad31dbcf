//! Logins in sessions of tower-sessions.

use tower_sessions::Session;
use tower_sessions::session::Error as SessionError;

use super::keeps::{KEY, Keeps, LoggedIn};
use crate::error::Error;

impl Keeps for Session {
    async fn login(&self) -> Result<Option<LoggedIn>, Error> {
        match self.get::<LoggedIn>(KEY).await {
            Ok(found) => Ok(found),
            // A session of another version of the service is none.
            Err(SessionError::SerdeJson(_)) => Ok(None),
            Err(error) => Err(Error::unavailable(error)),
        }
    }

    async fn begin(&self, login: LoggedIn, anew: bool) -> Result<(), Error> {
        if anew {
            self.clear().await;
        }
        self.cycle_id().await.map_err(Error::unavailable)?;
        self.insert(KEY, login).await.map_err(Error::unavailable)
    }

    async fn end(&self) -> Result<(), Error> {
        self.flush().await.map_err(Error::unavailable)
    }
}
