//! Handlers that anybody may call.

use crate::documented::Part;

/// A handler that anybody may call, for a reason.
#[derive(Clone, Debug)]
pub struct Public<H> {
    pub(crate) reason: &'static str,
    pub(crate) handler: H,
    pub(crate) part: Part,
}

#[cfg(feature = "openapi")]
impl<H> Public<H> {
    /// The same handler with what the documentation of the API says of it, beside the reason.
    ///
    /// ```
    /// use orgscope::openapi::{Answer, Operation};
    /// use orgscope::prelude::*;
    ///
    /// async fn health() -> &'static str { "up" }
    ///
    /// let handler = public("liveness probe", health).documented(|operation: &mut Operation| {
    ///     <&'static str>::document(operation);
    /// });
    /// # let _ = handler;
    /// ```
    pub fn documented(self, document: fn(&mut crate::openapi::Operation)) -> Public<H> {
        let part = Part { document };
        Public { part, ..self }
    }
}

/// Lets anybody call a handler, for a reason that a reviewer can judge. Nobody is asked who calls, so that a scope among the
/// arguments answers 500.
pub fn public<H>(reason: &'static str, handler: H) -> Public<H> {
    Public {
        reason,
        handler,
        part: Part::NONE,
    }
}
