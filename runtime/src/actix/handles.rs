//! What a protected router accepts as a handler.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::{Handler, HttpResponse, Responder};
use futures_util::future::LocalBoxFuture;

use super::answer::refusal;
use super::argument::{Argument, NotBody};
use super::call::Call;
use crate::problem::Problem;
use crate::report::Who;
use crate::web::{Endpoint, Guarded, HasTenancy, Parents, Public, enter, refuse_method};

/// A handler that says who may call it. `T` is inferred. A body is read once, by the last argument:
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::actix::Router;
/// use orgscope::prelude::*;
/// # diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = devices)]
/// # struct Device { id: i32 }
/// # #[derive(OrgInput)]
/// # #[diesel(table_name = devices)]
/// # #[org_input(model = Device)]
/// # struct NewDevice { name: String, organization_id: i32 }
/// #[protected(manager)]
/// async fn create(devices: Scoped<Device>, mut db: Db, input: Input<NewDevice>) -> Result<String, ApiError> {
///     devices.insert(input).execute(&mut db).await?;
///     Ok("created".to_owned())
/// }
/// # let _: Router<Tenancy> =
/// Router::new().post("/devices", create)
/// # ;
/// ```
///
/// Elsewhere it does not compile:
///
/// ```compile_fail
/// use diesel::prelude::*;
/// use orgscope::actix::Router;
/// use orgscope::prelude::*;
/// # diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = devices)]
/// # struct Device { id: i32 }
/// # #[derive(OrgInput)]
/// # #[diesel(table_name = devices)]
/// # #[org_input(model = Device)]
/// # struct NewDevice { name: String, organization_id: i32 }
/// #[protected(manager)]
/// async fn create(devices: Scoped<Device>, input: Input<NewDevice>, mut db: Db) -> Result<String, ApiError> {
///     devices.insert(input).execute(&mut db).await?;
///     Ok("created".to_owned())
/// }
/// # let _: Router<Tenancy> =
/// Router::new().post("/devices", create)
/// # ;
/// ```
#[diagnostic::on_unimplemented(
    message = "this handler is not protected, or cannot be called here [org100]",
    label = "neither `#[protected(…)]` nor `public(…)`, or an argument does not fit",
    note = "annotate the handler with `#[protected(policy)]`, or wrap it: `public(\"why anybody may call it\", handler)`",
    note = "a handler that is protected has an argument that this router's state cannot extract, one that reads the body before the last, \
            or a result that is no `Responder`"
)]
pub trait Handles<T, S> {
    /// The [`Parent`](super::Parent) that the handler takes; `()` without one.
    type Parent;

    #[doc(hidden)]
    fn who(&self) -> Who;

    #[doc(hidden)]
    fn answers(self) -> Answers<S>;

    /// What answers the methods that nothing is routed for.
    #[doc(hidden)]
    fn other_methods() -> Answers<S>;

    /// The caller's check and the first argument, for pages: without the handler.
    #[cfg(feature = "browsable")]
    #[doc(hidden)]
    fn enter() -> Option<crate::report::Entrance> {
        None
    }
}

/// How requests are answered.
#[doc(hidden)]
pub type Answers<S> =
    Arc<dyn Fn(Call<S>) -> LocalBoxFuture<'static, HttpResponse> + Send + Sync + 'static>;

/// Marks [`Handles`] of a protected handler.
#[derive(Debug)]
pub struct ByPolicy<T>(PhantomData<fn() -> T>);

/// Marks [`Handles`] of a public handler.
#[derive(Debug)]
pub struct ByReason<T>(PhantomData<fn() -> T>);

/// How the arguments of a handler are read.
type Read<S, Args> = fn(&mut Call<S>) -> LocalBoxFuture<'_, Result<Args, HttpResponse>>;

/// Reads the arguments, and calls the handler with them.
fn answers<S, H, Args>(handler: H, read: Read<S, Args>) -> Answers<S>
where
    S: 'static,
    Args: 'static,
    H: Handler<Args, Output: Responder> + Send + Sync,
{
    Arc::new(move |mut call| {
        let handler = handler.clone();
        Box::pin(async move {
            match read(&mut call).await {
                Ok(arguments) => {
                    let answer = handler.call(arguments).await;
                    answer.respond_to(&call.request).map_into_boxed_body()
                }
                Err(refusal) => refusal,
            }
        })
    })
}

/// Handlers with these arguments, of which only the last may read the body.
macro_rules! handles {
    ($($argument:ident $via:ident)* | $last:ident $last_via:ident) => {
        handles!(public $($argument $via)* | $last $last_via);
        handles!(protected $($argument $via)* | $last $last_via);
        handles!(fewer $($argument $via)* | $last $last_via);
    };
    (fewer $first:ident $first_via:ident $($argument:ident $via:ident)* | $last:ident $last_via:ident) => {
        handles!($($argument $via)* | $last $last_via);
    };
    (fewer | $last:ident $last_via:ident) => {
        handles!(public |);
    };
    (public $($argument:ident $via:ident)* | $($last:ident $last_via:ident)?) => {
        #[diagnostic::do_not_recommend]
        impl<H, S, $($argument, $via,)* $($last, $last_via)?>
            Handles<ByReason<(($($argument,)* $($last,)?), ($($via,)* $($last_via,)?))>, S> for Public<H>
        where
            S: 'static,
            H: Handler<($($argument,)* $($last,)?), Output: Responder> + Send + Sync,
            $($argument: Argument<S, $via> + 'static, $via: NotBody,)*
            $($last: Argument<S, $last_via> + 'static,)?
        {
            type Parent = ();

            fn who(&self) -> Who {
                let handler = std::any::type_name::<H>();
                let Public { reason, part, .. } = *self;
                Who::Public { handler, reason, part }
            }

            fn answers(self) -> Answers<S> {
                #[allow(unused_variables)] // without arguments
                answers(self.handler, |call| {
                    Box::pin(async move {
                        Ok(($($argument::take(call).await?,)* $($last::take(call).await?,)?))
                    })
                })
            }

            fn other_methods() -> Answers<S> {
                Arc::new(|_| Box::pin(async { refusal(Problem::method_not_allowed().into()) }))
            }
        }
    };
    (protected $first:ident $first_via:ident $($argument:ident $via:ident)* | $last:ident $last_via:ident) => {
        handles!(
            guarded $first $first_via [$first_via: NotBody,] $($argument $via [$via: NotBody,])* $last $last_via []
        );
    };
    (protected | $last:ident $last_via:ident) => {
        handles!(guarded $last $last_via []);
    };
    (
        guarded $first:ident $first_via:ident [$($first_bound:tt)*]
        $($argument:ident $via:ident [$($bound:tt)*])*
    ) => {
        #[diagnostic::do_not_recommend]
        impl<H, S, E, $first, $first_via, $($argument, $via),*>
            Handles<ByPolicy<(E, ($first, $($argument,)*), ($first_via, $($via,)*))>, S> for H
        where
            S: HasTenancy + 'static,
            E: Endpoint<Parent: Parents<S>>,
            H: Handler<(Guarded<E, $first>, $($argument,)*), Output: Responder> + Send + Sync,
            $first: Argument<S, $first_via> + 'static,
            $($first_bound)*
            $($argument: Argument<S, $via> + 'static, $($bound)*)*
        {
            type Parent = E::Parent;

            fn who(&self) -> Who {
                Who::Policy(Box::new(E::RULE))
            }

            fn answers(self) -> Answers<S> {
                answers(self, |call| {
                    Box::pin(async move {
                        let checked = enter::<E, S>(&mut call.parts, &call.state).await;
                        let checked = checked.map_err(refusal)?;
                        let first = Guarded($first::take(call).await?, checked);
                        Ok((first, $($argument::take(call).await?,)*))
                    })
                })
            }

            fn other_methods() -> Answers<S> {
                Arc::new(|mut call| {
                    Box::pin(async move {
                        refusal(refuse_method::<E, S>(&mut call.parts, &call.state).await)
                    })
                })
            }

            #[cfg(feature = "browsable")]
            fn enter() -> Option<crate::report::Entrance> {
                let enter: crate::browsable::Enter<S> = |parts, state| {
                    Box::pin(async move {
                        enter::<E, S>(parts, state).await.is_ok() && $first::passes(parts, state).await
                    })
                };
                Some(crate::report::Entrance::new(enter))
            }
        }
    };
}

// actix's handlers have up to sixteen arguments.
handles!(
    A1 V1 A2 V2 A3 V3 A4 V4 A5 V5 A6 V6 A7 V7 A8 V8 A9 V9 A10 V10 A11 V11 A12 V12 A13 V13 A14 V14 A15 V15 | A16 V16
);
