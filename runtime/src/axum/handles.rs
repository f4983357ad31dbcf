//! What a protected router accepts as a handler.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::problem::Problem;
use crate::report::Who;
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

    use super::super::extract::sent;
    use super::{Endpoint, Guarded, Rule};
    use crate::web::{HasTenancy, Parents, refuse_method};

    /// The arguments of a handler, the first of which is [`Guarded`].
    pub trait ProtectedArguments<S> {
        type Parent;
        fn rule() -> Rule;
        fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send;
    }

    /// A first argument that checks the caller: [`Guarded`], which `#[protected(…)]` makes of the argument as written.
    pub trait GuardedArgument<S> {
        type Parent;
        fn rule() -> Rule;
        /// Answers a method that is not routed: the caller's check comes before "method not allowed" (SEMANTICS 3.1).
        fn refuse(state: State<S>, request: Request) -> impl Future<Output = Response> + Send;
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
    }
}

macro_rules! protected_arguments {
    ($($others:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<S, Via, First: sealed::GuardedArgument<S>, $($others),*> sealed::ProtectedArguments<S>
            for (Via, First, $($others,)*)
        {
            type Parent = First::Parent;

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
