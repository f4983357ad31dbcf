//! The caller's check, before anything else of a request is read.

use std::any::TypeId;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::answer::ApiError;
use super::observed;
use super::parent::{FindParent, Found, Parents};
use super::rule::Rule;
use super::tenancy::HasTenancy;
use crate::about::About;
use crate::access::Intent;
use crate::authenticate::{NoSuchAuthenticator, Unauthenticated};
use crate::error::{Denied, Error, Reason};
use crate::key::Key;
use crate::path::Path;
use crate::policy::{Action, Asked, Question, Replies, Verb};
use crate::principal::Principal;
use crate::problem::Problem;
use crate::reach::Grant;
use crate::throttle::{Counted, Throttled};

/// What `#[protected(…)]` says about one handler. Implemented by the macro, on a type of its own for each handler.
pub trait Endpoint: 'static {
    /// The [`Parent`](super::Parent) among the handler's arguments; `()` without one.
    type Parent;

    /// The rule.
    const RULE: Rule;
}

/// The first argument of a protected handler: the caller's check of the endpoint `E`, then the argument `T` as written.
#[derive(Debug)]
pub struct Guarded<E, T>(pub T, #[doc(hidden)] pub Checked<E>);

/// The check of the endpoint `E` has passed. Only the check makes one, so that nobody calls a handler around it.
#[derive(Debug)]
pub struct Checked<E>(PhantomData<fn() -> E>);

/// The check has passed; the extractors of scopes and objects find it in the request.
#[derive(Clone)]
pub(super) struct Passed<K> {
    pub(super) grant: Arc<Grant<K>>,
    pub(super) path: Option<(fn() -> TypeId, Path)>,
    pub(super) parent: Option<Found>,
    pub(super) about: About,
}

impl<S, E, T> FromRequestParts<S> for Guarded<E, T>
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
    T: FromRequestParts<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        enter::<E, S>(parts, state).await?;
        let inner = T::from_request_parts(parts, state).await;
        Ok(Guarded(
            inner.map_err(IntoResponse::into_response)?,
            Checked(PhantomData),
        ))
    }
}

impl<S, E, T> FromRequest<S> for Guarded<E, T>
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
    T: FromRequest<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        enter::<E, S>(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let inner = T::from_request(request, state).await;
        Ok(Guarded(
            inner.map_err(IntoResponse::into_response)?,
            Checked(PhantomData),
        ))
    }
}

/// The check of an endpoint, and what is seen of it.
async fn enter<E, S>(parts: &mut Parts, state: &S) -> Result<(), Response>
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
{
    let rule = const { E::RULE };
    let checked = check(rule, E::Parent::FIND, parts, state).await;
    match &checked {
        Ok(()) => observed::granted(&rule.about),
        Err(_) => observed::not_granted(),
    }
    checked
}

/// Authenticates the caller, asks the policy whether it could pass for any row, and leaves the grant in the request.
pub(super) async fn check<S: HasTenancy>(
    rule: Rule,
    parent: Option<FindParent<S>>,
    parts: &mut Parts,
    state: &S,
) -> Result<(), Response> {
    observed::asked(&rule.about);
    let tenancy = state.tenancy();
    let chain = tenancy.chain().of(rule.access.needs().authenticate);
    let chain = chain.map_err(|NoSuchAuthenticator(name)| {
        tracing::error!(
            name,
            "no such authenticator; add it with `Tenancy::authenticator`"
        );
        ApiError::from(Problem::unavailable()).into_response()
    })?;
    let refuse = |error: Error| {
        let problem = Problem::from(ApiError::logged(error));
        ApiError::from(problem.challenging(chain.challenge())).into_response()
    };
    let request = Unauthenticated {
        parts: &*parts,
        facts: rule.facts,
        identity: tenancy.identity(),
    };
    let principal = chain.authenticate(request).await.map_err(refuse)?;
    // An authenticator of the service's own does not know where its users are.
    let layout = tenancy.identity().layout();
    let principal = match (principal, layout) {
        (Some(principal), Some(layout)) => Some(principal.stored_in(layout)),
        (principal, _) => principal,
    };
    if let Some(caller) = &principal {
        observed::authenticated(caller);
    }
    if principal.as_ref().is_some_and(Principal::is_reading_only) && !parts.method.is_safe() {
        return Err(refuse(Denied::Forbidden(Reason::ReadOnlyCredential).into()));
    }
    let asked = Asked::new(principal.as_ref(), Some(parts));
    let verb = Verb::of_method(parts.method.as_str());
    let action = rule.permissions.map(|model| Action { model, verb });
    let question = Question {
        action,
        ..Question::of(*asked.caller())
    };
    let answers = Replies::of(&rule.access, &question, &asked).await;
    let grant = Grant::new(principal, rule.access, answers, action, Intent::Read);
    let grant = match layout {
        Some(layout) => grant.stored_in(layout),
        None => grant,
    };
    let decision = match rule.rows {
        false => grant.admit_without_rows(),
        true => grant.admit(),
    };
    decision.log("caller check");
    let outcome = decision.outcome();
    // SEMANTICS 3.1: the role of the caller, the parent, the model permission.
    let only_permission = outcome == Err(Denied::Forbidden(Reason::Permission));
    if !(only_permission && parent.is_some()) {
        outcome.map_err(|denied| refuse(denied.into()))?;
    }
    let parent = match parent {
        Some(find) => {
            let found = find(parts, state, &grant).await;
            Some(found.map_err(IntoResponse::into_response)?)
        }
        None => None,
    };
    outcome.map_err(|denied| refuse(denied.into()))?;
    if let Some(name) = rule.access.needs().throttle {
        let throttled = throttle(name, grant.principal(), parts, state).await;
        throttled.map_err(|problem| ApiError::from(problem).into_response())?;
    }
    parts.extensions.insert(Passed {
        grant: Arc::new(grant),
        path: rule.path,
        parent,
        about: rule.about,
    });
    Ok(())
}

/// Counts the request against a throttle.
async fn throttle<S: HasTenancy>(
    name: &'static str,
    principal: Option<&Principal<S::OrgKey>>,
    parts: &Parts,
    state: &S,
) -> Result<(), Problem> {
    let peer = || {
        let peer = state.tenancy().proxies().peer(parts);
        peer.map_or(Counted::Anybody, Counted::Peer)
    };
    let counted = principal.map_or_else(peer, |caller| Counted::User(caller.user_id().clone()));
    match state.tenancy().throttles().check(name, &counted).await {
        Ok(()) => Ok(()),
        // Whole seconds, the started one included.
        Err(Throttled::For(wait)) => Err(Problem::too_many_requests(wait.as_secs() + 1)),
        Err(Throttled::Unknown) => {
            tracing::error!(name, "no such throttle; add it with `Tenancy::throttle`");
            Err(Problem::unavailable())
        }
        Err(Throttled::Unavailable(error)) => {
            tracing::error!(%error, name, "a throttle does not answer");
            Err(Problem::unavailable())
        }
    }
}

/// The passed check of a request.
pub(super) fn passed<K: Key>(parts: &Parts) -> Result<&Passed<K>, ApiError> {
    parts.extensions.get::<Passed<K>>().ok_or_else(|| {
        tracing::error!(
            "a handler with a scope runs without #[protected]: its router is not orgscope's"
        );
        let detail = "Something went wrong.";
        crate::problem::Problem::new(500, "Internal Server Error", detail).into()
    })
}
