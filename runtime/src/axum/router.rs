//! A router that takes protected handlers only.

use std::marker::PhantomData;

use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use super::guard::{Endpoint, Guarded};

/// axum's router, for handlers that say who may call them: with `#[protected(…)]`, or as [`public`] with a reason.
///
/// ```
/// use orgscope::axum::{Router, Tenancy, public};
///
/// async fn health() -> &'static str { "up" }
///
/// let router: Router<Tenancy> = Router::new().get("/health", public("liveness probe", health));
/// # let _ = router;
/// ```
///
/// A handler that says nothing does not compile:
///
/// ```compile_fail
/// # use orgscope::axum::{Router, Tenancy};
/// async fn devices() -> &'static str { "all devices of all tenants" }
/// let router: Router<Tenancy> = Router::new().get("/devices", devices);
/// ```
#[derive(Clone, Debug)]
pub struct Router<S = ()> {
    inner: axum::Router<S>,
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Router::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A router without routes.
    pub fn new() -> Self {
        let inner = axum::Router::new();
        Router { inner }
    }

    /// Answers `GET` and `HEAD` at the path.
    pub fn get<H: Handles<T, S>, T>(self, path: &str, handler: H) -> Self {
        self.on(MethodFilter::GET, path, handler)
    }

    /// Answers `POST` at the path.
    pub fn post<H: Handles<T, S>, T>(self, path: &str, handler: H) -> Self {
        self.on(MethodFilter::POST, path, handler)
    }

    /// Answers `PUT` at the path.
    pub fn put<H: Handles<T, S>, T>(self, path: &str, handler: H) -> Self {
        self.on(MethodFilter::PUT, path, handler)
    }

    /// Answers `PATCH` at the path.
    pub fn patch<H: Handles<T, S>, T>(self, path: &str, handler: H) -> Self {
        self.on(MethodFilter::PATCH, path, handler)
    }

    /// Answers `DELETE` at the path.
    pub fn delete<H: Handles<T, S>, T>(self, path: &str, handler: H) -> Self {
        self.on(MethodFilter::DELETE, path, handler)
    }

    /// Answers the methods of a filter at the path.
    pub fn on<H: Handles<T, S>, T>(self, methods: MethodFilter, path: &str, handler: H) -> Self {
        let inner = self.inner.route(path, handler.on(methods));
        Router { inner }
    }

    /// Adds the routes of another protected router under a prefix.
    pub fn nest(self, path: &str, other: Router<S>) -> Self {
        let inner = self.inner.nest(path, other.inner);
        Router { inner }
    }

    /// Adds the routes of another protected router.
    pub fn merge(self, other: Router<S>) -> Self {
        let inner = self.inner.merge(other.inner);
        Router { inner }
    }

    /// The plain axum router, for middleware, fallbacks and serving. Routes added there are no longer asked.
    pub fn into_axum(self) -> axum::Router<S> {
        self.inner
    }
}

/// A handler that says who may call it. `T` is inferred.
#[diagnostic::on_unimplemented(
    message = "this handler is not protected, or cannot be called here",
    label = "neither `#[protected(…)]` nor `public(…)`, or an argument does not fit",
    note = "annotate the handler with `#[protected(policy)]`, or wrap it: `public(\"why anybody may call it\", handler)`",
    note = "a handler that is protected has an argument that this router's state cannot extract, or a result that is no answer; \
            `#[axum::debug_handler]` says which"
)]
pub trait Handles<T, S> {
    #[doc(hidden)]
    fn on(self, methods: MethodFilter) -> axum::routing::MethodRouter<S>;
}

/// Marks [`Handles`] of a protected handler.
#[derive(Debug)]
pub struct ByPolicy<T>(PhantomData<fn() -> T>);

/// Marks [`Handles`] of a public handler.
#[derive(Debug)]
pub struct ByReason<T>(PhantomData<fn() -> T>);

#[diagnostic::do_not_recommend]
impl<H, T, S> Handles<ByPolicy<T>, S> for H
where
    H: Handler<T, S>,
    T: sealed::ProtectedArguments + 'static,
    S: Clone + Send + Sync + 'static,
{
    fn on(self, methods: MethodFilter) -> axum::routing::MethodRouter<S> {
        on(methods, self)
    }
}

#[diagnostic::do_not_recommend]
impl<H, T, S> Handles<ByReason<T>, S> for Public<H>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    fn on(self, methods: MethodFilter) -> axum::routing::MethodRouter<S> {
        tracing::debug!(reason = self.reason, "public route");
        on(methods, self.handler)
    }
}

/// What makes a handler a protected one; sealed, because everything else would be a way around the check.
mod sealed {
    use super::{Endpoint, Guarded};

    /// The arguments of a handler, the first of which is [`Guarded`].
    pub trait ProtectedArguments {}

    /// A first argument that checks the caller: [`Guarded`], which `#[protected(…)]` makes of the argument as written.
    pub trait GuardedArgument {}

    #[diagnostic::do_not_recommend]
    impl<E: Endpoint, T> GuardedArgument for Guarded<E, T> {}
}

macro_rules! protected_arguments {
    ($($others:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<Via, First: sealed::GuardedArgument, $($others),*> sealed::ProtectedArguments
            for (Via, First, $($others,)*)
        {
        }
    };
}

macro_rules! for_each_arity {
    ($first:ident $($rest:ident)*) => {
        protected_arguments!($first $($rest)*);
        for_each_arity!($($rest)*);
    };
    () => {
        protected_arguments!();
    };
}

// axum's handlers have up to sixteen arguments.
for_each_arity!(A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);

/// A handler that anybody may call, for a reason.
#[derive(Clone, Debug)]
pub struct Public<H> {
    reason: &'static str,
    handler: H,
}

/// Lets anybody call a handler, for a reason that a reviewer can judge. Nobody is asked who calls, so that a scope among the
/// arguments answers 500.
pub fn public<H>(reason: &'static str, handler: H) -> Public<H> {
    Public { reason, handler }
}
