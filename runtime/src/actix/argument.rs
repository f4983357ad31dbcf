//! What a handler can take.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpResponse};
#[cfg(feature = "browsable")]
use futures_util::future::BoxFuture;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::request::Parts;

use super::answer::refusal;
use super::call::Call;
use crate::problem::Problem;
use crate::web::{FromBody, FromHead, unread};

/// An argument of a handler: one of orgscope's ([`FromHead`], [`FromBody`]), or an extractor of actix. `Via`, which is inferred, says
/// which of them it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    note = "arguments are orgscope's (`Scoped`, `Object`, `Input`, …), what implements `FromHead` or `FromBody`, or extractors of actix"
)]
pub trait Argument<S, Via>: Sized {
    /// Reads it.
    #[doc(hidden)]
    fn take(call: &mut Call<S>) -> impl Future<Output = Result<Self, HttpResponse>>;

    /// Whether it can be read, as far as the head says; for pages, which ask without a handler.
    #[cfg(feature = "browsable")]
    #[doc(hidden)]
    fn passes<'a>(_: &'a mut Parts, _: &'a S) -> BoxFuture<'a, bool>
    where
        Self: 'a,
    {
        Box::pin(std::future::ready(true))
    }
}

/// By [`FromHead`].
#[derive(Debug)]
pub struct ByHead;

/// By [`FromBody`].
#[derive(Debug)]
pub struct ByBody;

/// By actix.
#[derive(Debug)]
pub struct ByActix;

/// What may stand before the last argument: a body is read once. Of actix's own extractors, nobody knows which read it.
pub trait NotBody {}

impl NotBody for ByHead {}
impl NotBody for ByActix {}

impl<S: Sync, A: FromHead<S>> Argument<S, ByHead> for A {
    async fn take(call: &mut Call<S>) -> Result<Self, HttpResponse> {
        let read = A::from_head(&mut call.parts, &call.state).await;
        read.map_err(refusal)
    }

    #[cfg(feature = "browsable")]
    fn passes<'a>(parts: &'a mut Parts, state: &'a S) -> BoxFuture<'a, bool>
    where
        Self: 'a,
    {
        let read = A::from_head(parts, state);
        Box::pin(async move { read.await.is_ok() })
    }
}

impl<S, A: FromBody<S>> Argument<S, ByBody> for A {
    async fn take(call: &mut Call<S>) -> Result<Self, HttpResponse> {
        A::refuse(&call.parts).map_err(refusal)?;
        if matches!(call.payload, Payload::None) && announces_body(&call.parts) {
            tracing::error!("an argument before the last has read the body: nothing is left of it");
            return Err(refusal(Problem::internal().into()));
        }
        let body = actix_web::web::Bytes::from_request(&call.request, &mut call.payload).await;
        let status = |error: actix_web::Error| error.as_response_error().status_code().as_u16();
        let body = body.map_err(|error| refusal(unread(status(error)).into()))?;
        let read = A::from_body(call.parts.clone(), body.into(), &call.state).await;
        read.map_err(refusal)
    }
}

/// Whether the head says that a body follows.
fn announces_body(parts: &Parts) -> bool {
    let length = parts.headers.get(CONTENT_LENGTH);
    length.is_some_and(|length| length != "0") || parts.headers.contains_key(TRANSFER_ENCODING)
}

impl<S, A: FromRequest> Argument<S, ByActix> for A {
    async fn take(call: &mut Call<S>) -> Result<Self, HttpResponse> {
        let read = A::from_request(&call.request, &mut call.payload).await;
        read.map_err(|error| {
            let error: actix_web::Error = error.into();
            HttpResponse::from_error(error)
        })
    }
}
