//! Logins in sessions of actix-session, whose middleware has loaded them before, and stores them with the answer.

use actix_session::{Session, SessionExt as _};
use actix_web::HttpRequest;

use super::keeps::{KEY, Keeps, LoggedIn};
use crate::error::Error;

/// The login that came with a request.
pub(crate) fn of_request(request: &HttpRequest) -> Option<LoggedIn> {
    of(&request.get_session())
}

fn of(session: &Session) -> Option<LoggedIn> {
    // A session of another version of the service is none.
    session.get(KEY).unwrap_or_default()
}

impl Keeps for Session {
    async fn login(&self) -> Result<Option<LoggedIn>, Error> {
        Ok(of(self))
    }

    async fn begin(&self, login: LoggedIn, anew: bool) -> Result<(), Error> {
        if anew {
            self.clear();
        }
        self.renew();
        let kept = self.insert(KEY, login);
        kept.map_err(|error| Error::Unavailable(error.to_string().into()))?;
        match self.contains_key(KEY) {
            true => Ok(()),
            // A session that was ended before keeps nothing.
            false => Err(Error::Unavailable("the session is over".into())),
        }
    }

    async fn end(&self) -> Result<(), Error> {
        self.purge();
        Ok(())
    }
}
