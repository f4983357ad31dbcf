//! What a session keeps of a login.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Where a session keeps its user.
pub(super) const KEY: &str = "orgscope";

/// A login: nobody else makes one.
#[derive(Clone, Serialize, Deserialize)]
pub struct LoggedIn {
    pub(super) user: String,
    pub(super) password: String,
    pub(super) csrf: String,
}

/// A session that keeps one.
pub trait Keeps {
    /// The login that it keeps.
    fn login(&self) -> impl Future<Output = Result<Option<LoggedIn>, Error>>;

    /// Keeps a login from now on, under another id; `anew`, and what it kept for somebody else is gone.
    fn begin(&self, login: LoggedIn, anew: bool) -> impl Future<Output = Result<(), Error>>;

    /// Ends it, in its store as well.
    fn end(&self) -> impl Future<Output = Result<(), Error>>;
}
