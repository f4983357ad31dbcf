//! A router that takes protected handlers only.

use std::collections::HashSet;
use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::answer::ApiError;
use super::guard::{Endpoint, Guarded, Rule};
use crate::problem::Problem;
use crate::report::{AccessReport, Route, Who};

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
    routes: Vec<Route>,
    /// What answers the other methods of each path: by the policy of its first handler.
    other_methods: Vec<(String, MethodRouter<S>)>,
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Router::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A router without routes.
    pub fn new() -> Self {
        Router {
            inner: axum::Router::new(),
            routes: Vec::new(),
            other_methods: Vec::new(),
        }
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
    pub fn on<H: Handles<T, S>, T>(
        mut self,
        methods: MethodFilter,
        path: &str,
        handler: H,
    ) -> Self {
        self.routes.push(Route {
            methods: names(methods),
            path: path.to_owned(),
            who: handler.who(),
        });
        self.other_methods
            .push((path.to_owned(), H::other_methods()));
        self.inner = self.inner.route(path, handler.on(methods));
        self
    }

    /// Adds the routes of another protected router under a prefix.
    pub fn nest(mut self, path: &str, other: Router<S>) -> Self {
        let below = |inner: &str| match (path.strip_suffix('/'), inner) {
            (Some(prefix), inner) => format!("{prefix}{inner}"),
            (None, "/") => path.to_owned(),
            (None, inner) => format!("{path}{inner}"),
        };
        self.routes
            .extend(other.routes.into_iter().map(|route| Route {
                path: below(&route.path),
                ..route
            }));
        let others = other.other_methods.into_iter();
        self.other_methods
            .extend(others.map(|(path, others)| (below(&path), others)));
        self.inner = self.inner.nest(path, other.inner);
        self
    }

    /// Adds the routes of another protected router.
    pub fn merge(mut self, other: Router<S>) -> Self {
        self.routes.extend(other.routes);
        self.other_methods.extend(other.other_methods);
        self.inner = self.inner.merge(other.inner);
        self
    }

    /// Who may do what: every route with its rule, every public route with its reason, every model without a tenant.
    pub fn access_report(&self) -> AccessReport {
        AccessReport::of(&self.routes)
    }

    /// The plain axum router, for middleware, fallbacks and serving. Routes added there are no longer asked.
    pub fn into_axum(self) -> axum::Router<S> {
        let (mut inner, mut done) = (self.inner, HashSet::new());
        for (path, others) in self.other_methods {
            if done.insert(path.clone()) {
                inner = inner.route(&path, others);
            }
        }
        inner
    }
}

/// The names of the methods of a filter.
fn names(methods: MethodFilter) -> String {
    let known = [
        ("GET", MethodFilter::GET),
        ("POST", MethodFilter::POST),
        ("PUT", MethodFilter::PUT),
        ("PATCH", MethodFilter::PATCH),
        ("DELETE", MethodFilter::DELETE),
        ("HEAD", MethodFilter::HEAD),
        ("OPTIONS", MethodFilter::OPTIONS),
        ("TRACE", MethodFilter::TRACE),
        ("CONNECT", MethodFilter::CONNECT),
    ];
    let named = known
        .iter()
        .filter(|(_, method)| methods.or(*method) == methods);
    let names: Vec<_> = named.map(|(name, _)| *name).collect();
    names.join(" ")
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
    fn who(&self) -> Who;

    #[doc(hidden)]
    fn on(self, methods: MethodFilter) -> MethodRouter<S>;

    /// What answers the methods that nothing is routed for.
    #[doc(hidden)]
    fn other_methods() -> MethodRouter<S>;
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
    T: sealed::ProtectedArguments<S> + 'static,
    S: Clone + Send + Sync + 'static,
{
    fn who(&self) -> Who {
        Who::Policy(T::rule())
    }

    fn on(self, methods: MethodFilter) -> MethodRouter<S> {
        on(methods, self)
    }

    fn other_methods() -> MethodRouter<S> {
        MethodRouter::new().fallback(T::refuse)
    }
}

#[diagnostic::do_not_recommend]
impl<H, T, S> Handles<ByReason<T>, S> for Public<H>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    fn who(&self) -> Who {
        let handler = std::any::type_name::<H>();
        let reason = self.reason;
        Who::Public { handler, reason }
    }

    fn on(self, methods: MethodFilter) -> MethodRouter<S> {
        on(methods, self.handler)
    }

    fn other_methods() -> MethodRouter<S> {
        MethodRouter::new().fallback(async || ApiError::from(Problem::method_not_allowed()))
    }
}

/// What makes a handler a protected one; sealed, because everything else would be a way around the check.
mod sealed {
    use axum::extract::{Request, State};
    use axum::response::{IntoResponse, Response};

    use super::super::guard::check;
    use super::super::tenancy::HasTenancy;
    use super::{ApiError, Endpoint, Guarded, Problem, Rule};

    /// The arguments of a handler, the first of which is [`Guarded`].
    pub trait ProtectedArguments<S> {
        fn rule() -> Rule;
        fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send;
    }

    /// A first argument that checks the caller: [`Guarded`], which `#[protected(…)]` makes of the argument as written.
    pub trait GuardedArgument<S> {
        fn rule() -> Rule;
        /// Answers a method that is not routed: the caller's check comes before "method not allowed" (SEMANTICS 3.1).
        fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send;
    }

    #[diagnostic::do_not_recommend]
    impl<S: HasTenancy, E: Endpoint, T> GuardedArgument<S> for Guarded<E, T> {
        fn rule() -> Rule {
            E::RULE
        }

        async fn refuse(State(state): State<S>, request: Request) -> Response {
            let (mut parts, _) = request.into_parts();
            match check(const { E::RULE }, &mut parts, &state).await {
                Ok(()) => ApiError::from(Problem::method_not_allowed()).into_response(),
                Err(refusal) => refusal,
            }
        }
    }
}

macro_rules! protected_arguments {
    ($($others:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<S, Via, First: sealed::GuardedArgument<S>, $($others),*> sealed::ProtectedArguments<S>
            for (Via, First, $($others,)*)
        {
            fn rule() -> Rule {
                First::rule()
            }

            fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send {
                First::refuse(state, request)
            }
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
