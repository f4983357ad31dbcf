//! Handlers that anybody may call.

/// A handler that anybody may call, for a reason.
#[derive(Clone, Debug)]
pub struct Public<H> {
    pub(crate) reason: &'static str,
    pub(crate) handler: H,
}

/// Lets anybody call a handler, for a reason that a reviewer can judge. Nobody is asked who calls, so that a scope among the
/// arguments answers 500.
pub fn public<H>(reason: &'static str, handler: H) -> Public<H> {
    Public { reason, handler }
}
