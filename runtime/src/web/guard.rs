//! The caller's check, before anything else of a request is read.

use std::any::TypeId;
use std::marker::PhantomData;
use std::sync::Arc;

use http::request::Parts;

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

/// A request that is only asked about: it counts nowhere, and no handler is going to run.
#[cfg(feature = "browsable")]
#[derive(Clone, Copy)]
pub(crate) struct Dry;

/// Whether a request is only asked about.
pub(super) fn is_dry(parts: &Parts) -> bool {
    #[cfg(feature = "browsable")]
    return parts.extensions.get::<Dry>().is_some();
    #[cfg(not(feature = "browsable"))]
    {
        let _ = parts;
        false
    }
}

/// The check has passed; the extractors of scopes and objects find it in the request.
#[derive(Clone)]
pub(crate) struct Passed<K> {
    pub(crate) grant: Arc<Grant<K>>,
    pub(crate) path: Option<(fn() -> TypeId, Path)>,
    pub(super) parent: Option<Found>,
    pub(super) about: About,
}

/// The check of an endpoint, and what is seen of it.
///
/// # Errors
/// The answer to a caller who does not pass.
pub(crate) async fn enter<E, S>(parts: &mut Parts, state: &S) -> Result<Checked<E>, ApiError>
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
{
    let rule = const { E::RULE };
    let checked = check(rule, E::Parent::FIND, parts, state).await;
    match &checked {
        _ if is_dry(parts) => {}
        Ok(()) => observed::granted(&rule.about),
        Err(_) => observed::not_granted(),
    }
    checked.map(|()| Checked(PhantomData))
}

/// The answer to a method that is not routed: the caller's check comes before "method not allowed" (SEMANTICS 3.1).
pub(crate) async fn refuse_method<E, S>(parts: &mut Parts, state: &S) -> ApiError
where
    S: HasTenancy,
    E: Endpoint<Parent: Parents<S>>,
{
    match check(const { E::RULE }, E::Parent::FIND, parts, state).await {
        Ok(()) => Problem::method_not_allowed().into(),
        Err(refusal) => refusal,
    }
}

/// Authenticates the caller, asks the policy whether it could pass for any row, and leaves the grant in the request.
async fn check<S: HasTenancy>(
    rule: Rule,
    parent: Option<FindParent<S>>,
    parts: &mut Parts,
    state: &S,
) -> Result<(), ApiError> {
    if !is_dry(parts) {
        observed::asked(&rule.about);
    }
    let tenancy = state.tenancy();
    let chain = tenancy.chain().of(rule.access.needs().authenticate);
    let chain = chain.map_err(|NoSuchAuthenticator(name)| {
        tracing::error!(
            name,
            "no such authenticator; add it with `Tenancy::authenticator`"
        );
        ApiError::from(Problem::unavailable())
    })?;
    let refuse = |error: Error| {
        let problem = Problem::from(ApiError::logged(error));
        ApiError::from(problem.challenging(chain.challenge()))
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
        Some(find) => Some(find(parts, state, &grant).await?),
        None => None,
    };
    outcome.map_err(|denied| refuse(denied.into()))?;
    if let Some(name) = rule.access.needs().throttle
        && !is_dry(parts)
    {
        throttle(name, grant.principal(), parts, state).await?;
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
        Problem::internal().into()
    })
}
