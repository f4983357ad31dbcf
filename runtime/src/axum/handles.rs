//! What a protected router accepts as a handler.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use futures_util::future::BoxFuture;

use crate::problem::Problem;
use crate::report::Who;
use crate::web::observed::counted;
use crate::web::{ApiError, Endpoint, Guarded, Public, Rule};

/// A handler that says who may call it. `T` is inferred.
#[diagnostic::on_unimplemented(
    message = "this handler is not protected, or cannot be called here [org100]",
    label = "neither `#[protected(…)]` nor `public(…)`, or an argument does not fit",
    note = "annotate the handler with `#[protected(policy)]`, or wrap it: `public(\"why anybody may call it\", handler)`",
    note = "a handler that is protected has an argument that this router's state cannot extract, or a result that is no answer; \
            `#[axum::debug_handler]` says which"
)]
pub trait Handles<T, S> {
    /// The [`Parent`](super::Parent) that the handler takes; `()` without one.
    type Parent;

    #[doc(hidden)]
    fn who(&self) -> Who;

    #[doc(hidden)]
    fn on(self, methods: MethodFilter) -> MethodRouter<S>;

    /// What answers the methods that nothing is routed for.
    #[doc(hidden)]
    fn other_methods() -> MethodRouter<S>;

    /// The caller's check and the first argument, for pages: without the handler.
    #[cfg(feature = "browsable")]
    #[doc(hidden)]
    fn enter() -> Option<crate::report::Entrance> {
        None
    }
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
    type Parent = T::Parent;

    fn who(&self) -> Who {
        Who::Policy(Box::new(T::rule()))
    }

    fn on(self, methods: MethodFilter) -> MethodRouter<S> {
        on(methods, Counted(self))
    }

    fn other_methods() -> MethodRouter<S> {
        MethodRouter::new().fallback(T::refuse)
    }

    #[cfg(feature = "browsable")]
    fn enter() -> Option<crate::report::Entrance> {
        Some(T::enter())
    }
}

#[diagnostic::do_not_recommend]
impl<H, T, S> Handles<ByReason<T>, S> for Public<H>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    type Parent = ();

    fn who(&self) -> Who {
        let handler = std::any::type_name::<H>();
        let Public { reason, part, .. } = *self;
        Who::Public {
            handler,
            reason,
            part,
        }
    }

    fn on(self, methods: MethodFilter) -> MethodRouter<S> {
        on(methods, Counted(self.handler))
    }

    fn other_methods() -> MethodRouter<S> {
        MethodRouter::new().fallback(async || ApiError::from(Problem::method_not_allowed()))
    }
}

/// A handler whose statements are counted.
#[derive(Clone)]
struct Counted<H>(H);

impl<H, T, S> Handler<T, S> for Counted<H>
where
    H: Handler<T, S>,
    S: Send + 'static,
{
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(counted(self.0.call(request, state)))
    }
}

/// What makes a handler a protected one; sealed, because everything else would be a way around the check.
mod sealed {
    use axum::extract::{FromRequestParts, Request, State};
    use axum::response::{IntoResponse, Response};
    #[cfg(feature = "browsable")]
    use http::request::Parts;

    use super::super::extract::sent;
    use super::{Endpoint, Guarded, Rule};
    use crate::web::{HasTenancy, Parents, refuse_method};

    /// The arguments of a handler, the first of which is [`Guarded`].
    pub trait ProtectedArguments<S> {
        type Parent;
        fn rule() -> Rule;
        fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send;
        #[cfg(feature = "browsable")]
        fn enter() -> crate::report::Entrance;
    }

    /// A first argument that checks the caller: [`Guarded`], which `#[protected(…)]` makes of the argument as written.
    pub trait GuardedArgument<S> {
        type Parent;
        fn rule() -> Rule;
        /// Answers a method that is not routed: the caller's check comes before "method not allowed" (SEMANTICS 3.1).
        fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send;
        /// The caller's check by itself, because the only argument may be the body.
        #[cfg(feature = "browsable")]
        fn enter(parts: &mut Parts, state: &S) -> impl Future<Output = bool> + Send;
    }

    /// One that is read from the head, as all are but for the last.
    pub trait GuardedHead<S>: GuardedArgument<S> {
        /// The caller's check, and the argument.
        #[cfg(feature = "browsable")]
        fn enter_and_read(parts: &mut Parts, state: &S) -> impl Future<Output = bool> + Send;
    }

    #[diagnostic::do_not_recommend]
    impl<S, E, T> GuardedHead<S> for Guarded<E, T>
    where
        S: HasTenancy,
        E: Endpoint<Parent: Parents<S>>,
        T: FromRequestParts<S>,
    {
        #[cfg(feature = "browsable")]
        async fn enter_and_read(parts: &mut Parts, state: &S) -> bool {
            // A refusal that becomes no answer is counted nowhere.
            Self::enter(parts, state).await && T::from_request_parts(parts, state).await.is_ok()
        }
    }

    #[diagnostic::do_not_recommend]
    impl<S, E, T> GuardedArgument<S> for Guarded<E, T>
    where
        S: HasTenancy,
        E: Endpoint<Parent: Parents<S>>,
    {
        type Parent = E::Parent;

        fn rule() -> Rule {
            E::RULE
        }

        async fn refuse(State(state): State<S>, request: Request) -> Response {
            let (mut parts, _) = request.into_parts();
            sent(&mut parts).await;
            refuse_method::<E, S>(&mut parts, &state)
                .await
                .into_response()
        }

        #[cfg(feature = "browsable")]
        async fn enter(parts: &mut Parts, state: &S) -> bool {
            sent(parts).await;
            crate::web::enter::<E, S>(parts, state).await.is_ok()
        }
    }
}

macro_rules! protected_arguments {
    ($bound:path, $enter:ident: $($others:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<S, Via, First, $($others),*> sealed::ProtectedArguments<S> for (Via, First, $($others,)*)
        where
            S: Send + Sync + 'static,
            First: $bound + 'static,
        {
            type Parent = First::Parent;

            fn rule() -> Rule {
                First::rule()
            }

            fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send {
                First::refuse(state, request)
            }

            #[cfg(feature = "browsable")]
            fn enter() -> crate::report::Entrance {
                let enter: crate::browsable::Enter<S> =
                    |parts, state| Box::pin(First::$enter(parts, state));
                crate::report::Entrance::new(enter)
            }
        }
    };
}

macro_rules! for_each_arity {
    ($first:ident $($rest:ident)*) => {
        protected_arguments!(sealed::GuardedHead<S>, enter_and_read: $first $($rest)*);
        for_each_arity!($($rest)*);
    };
    () => {
        protected_arguments!(sealed::GuardedArgument<S>, enter:);
    };
}

// axum's handlers have up to sixteen arguments.
for_each_arity!(A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
