//! The row in the URL that the rows of a nested resource belong to.

use std::any::TypeId;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::request::Parts;

use super::answer::ApiError;
use super::extract::PathKey;
use super::request::{FromHead, Sent};
use super::tenancy::HasTenancy;
use crate::access::{Accepted, Access, Intent};
use crate::connection::Asynchronous;
use crate::error::Denied;
use crate::key::{Key, RowKey};
use crate::model::{ForKey, Keyed, OrgScoped};
use crate::policy::Replies;
use crate::pool::Pool;
use crate::problem::Problem;
use crate::reach::Grant;
use crate::role::Role;
use crate::scoped::{GetByKey, Scoped};

/// The row in the URL, checked before anything else of the request and on every method: `Parent<Device>` for
/// `/devices/{device_id}/configs`.
///
/// The caller needs the handler's scope role in its organization. Missing, malformed, foreign, disabled, shared and orphaned
/// parents are one and the same 404. `Parent<Device, IncludeShared>` admits shared ones as well, for whoever sees them.
///
/// The [`Scoped`], [`Object`](super::Object) and inserted rows of a model with a relation to the parent's are the rows under
/// it, besides being scoped by their own path. The handler is routed with `Router::under`.
#[derive(Debug)]
pub struct Parent<M, Shared = WithoutShared>(Arc<M>, PhantomData<fn() -> Shared>);

/// Shared parents are missing.
#[derive(Clone, Copy, Debug)]
pub struct WithoutShared;

/// Shared parents are admitted.
#[derive(Clone, Copy, Debug)]
pub struct IncludeShared;

/// Whether shared parents are admitted.
pub trait WhichParents: Send + Sync + 'static {
    /// Whether they are.
    const SHARED: bool;
}

impl WhichParents for WithoutShared {
    const SHARED: bool = false;
}

impl WhichParents for IncludeShared {
    const SHARED: bool = true;
}

/// A [`Parent`], whatever the model.
#[diagnostic::on_unimplemented(
    message = "the routes below a parent take it: `Parent<Model>`, and not `{Self}` [org102]",
    note = "every handler there has an argument `Parent<Model>`; without one it is routed on the router itself"
)]
pub trait IsParent {}

impl<M, Shared> IsParent for Parent<M, Shared> {}

/// The parent of a handler is that of its router.
#[diagnostic::on_unimplemented(
    message = "the parent of this handler is `{Self}`, and that of the router is `{P}` (`()` is none) [org101]",
    note = "a handler with a `Parent<Device>` is routed below it: `.under(\"/devices/{{device_id}}\", Router::new().get(…))`; \
            every handler there takes the `Parent<Device>`"
)]
pub trait SameParent<P> {}

impl<P> SameParent<P> for P {}

impl<M, Shared> Clone for Parent<M, Shared> {
    fn clone(&self) -> Self {
        Parent(self.0.clone(), PhantomData)
    }
}

impl<M, Shared> Deref for Parent<M, Shared> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

/// The parent that was found: its table, the name of the path parameter, its key, and whether it may be a shared row.
#[derive(Clone, Debug)]
pub struct Found {
    pub(super) table: TypeId,
    pub(super) parameter: String,
    /// The column of its key.
    pub(super) column: &'static str,
    pub(super) key: RowKey,
    pub(super) shared: bool,
}

/// How a parent is loaded and checked.
pub type FindParent<S> = for<'a> fn(
    &'a mut Parts,
    &'a S,
    &'a Grant<<S as HasTenancy>::OrgKey>,
) -> BoxFuture<'a, Result<Found, ApiError>>;

/// The parents of an endpoint: a [`Parent`], or none.
pub trait Parents<S: HasTenancy>: Send + 'static {
    /// How it is found; `None` if there is none.
    #[doc(hidden)]
    const FIND: Option<FindParent<S>>;
}

impl<S: HasTenancy> Parents<S> for () {
    const FIND: Option<FindParent<S>> = None;
}

impl<S, M, Shared> Parents<S> for Parent<M, Shared>
where
    S: HasTenancy,
    M: Keyed<Key: PathKey + Key>
        + ForKey<S::OrgKey>
        + GetByKey<<S::Pool as Pool>::Connection, Asynchronous>
        + Send
        + Sync
        + 'static,
    Shared: WhichParents,
{
    const FIND: Option<FindParent<S>> =
        Some(|parts, state, grant| Box::pin(find::<S, M, Shared>(parts, state, grant)));
}

async fn find<S, M, Shared>(
    parts: &mut Parts,
    state: &S,
    grant: &Grant<S::OrgKey>,
) -> Result<Found, ApiError>
where
    S: HasTenancy,
    M: Keyed<Key: PathKey + Key>
        + ForKey<S::OrgKey>
        + GetByKey<<S::Pool as Pool>::Connection, Asynchronous>
        + Send
        + Sync
        + 'static,
    Shared: WhichParents,
{
    // A path that is no text names no row.
    let params = Sent::params(parts).ok_or(Denied::NotFound)?;
    let wanted = parameter(M::NAME);
    let named = params.iter().find(|(name, _)| *name == wanted);
    let only = || params.first().filter(|_| params.len() == 1);
    let Some((name, text)) = named.or_else(only) else {
        tracing::error!(
            parameter = wanted,
            "the route of a `Parent` has no such parameter"
        );
        return Err(Denied::NotFound.into());
    };
    let parameter = name.clone();
    let key = M::Key::from_path(text).ok_or(Denied::NotFound)?;
    let row_key = key.user_id();
    let role = grant.access().scope_role().unwrap_or(Role::Member);
    let shared = Shared::SHARED && grant.caller().has_anywhere(Role::Manager);
    let access = Access::among(Accepted::at_least(role, shared));
    let principal = grant.principal().cloned();
    let grant = Grant::new(principal, access, Replies::default(), None, Intent::Read);
    let scope = Scoped::<M>::granted(M::grant(Arc::new(grant)), M::PATH);
    let mut conn = state.tenancy().pool().connection().await?;
    let row = scope.get(key, &mut conn).await?;
    let parent = Parent::<M, Shared>(Arc::new(row), PhantomData);
    parts.extensions.insert(parent);
    Ok(Found {
        table: TypeId::of::<<M as OrgScoped>::Table>(),
        parameter,
        column: M::KEY.first().copied().unwrap_or("id"),
        key: row_key,
        shared: Shared::SHARED,
    })
}

/// `FirmwareImage` is `firmware_image_id` in a path.
pub(crate) fn parameter(model: &str) -> String {
    let mut name = String::new();
    for (at, letter) in model.chars().enumerate() {
        if letter.is_uppercase() && at > 0 {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name + "_id"
}

impl<S, M, Shared> FromHead<S> for Parent<M, Shared>
where
    S: HasTenancy,
    M: Send + Sync + 'static,
    Shared: WhichParents,
{
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let parent = parts.extensions.get::<Self>().cloned();
        parent.ok_or_else(|| {
            tracing::error!("a handler with a `Parent` runs without #[protected]");
            Problem::internal().into()
        })
    }
}
