//! The arguments that a protected handler can take.

use std::any::TypeId;
use std::ops::Deref;

use http::request::Parts;

use super::answer::ApiError;
use super::guard::passed;
use super::parent::Found;
use super::request::{FromHead, Sent};
use super::tenancy::HasTenancy;
use crate::connection::Asynchronous;
use crate::db::Db;
use crate::error::{Denied, Reason};
use crate::model::{ForKey, Keyed, OrgScoped};
use crate::pool::Pool;
use crate::principal::Principal;
use crate::problem::Problem;
use crate::relation::Relation;
use crate::scoped::{Bounds, GetByKey, Scoped};
use crate::write::plan::Under;

impl<S, M> FromHead<S> for Scoped<M>
where
    S: HasTenancy,
    M: ForKey<S::OrgKey> + 'static,
{
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        scoped::<S, M>(parts)
    }
}

fn scoped<S, M>(parts: &Parts) -> Result<Scoped<M>, ApiError>
where
    S: HasTenancy,
    M: ForKey<S::OrgKey> + 'static,
{
    let passed = passed::<S::OrgKey>(parts)?;
    let path = match passed.path {
        Some((model, path)) if model() == TypeId::of::<M>() => path,
        _ => M::PATH,
    };
    let grant = M::grant(passed.grant.clone()).for_model(M::PERMISSIONS);
    let under = passed.parent.as_ref().and_then(under::<M>);
    if let (Some(under), Some(parent)) = (&under, &passed.parent)
        && under.relation.key != parent.column
    {
        tracing::error!(
            model = M::NAME,
            "the relation to the parent is not by its primary key"
        );
        return Err(Problem::internal().into());
    }
    Ok(Scoped::within(Bounds { grant, path, under }))
}

/// The relation of a model with the row in the URL: of several with the same table, that which the path parameter names.
fn under<M: OrgScoped>(parent: &Found) -> Option<Under> {
    let related =
        |relation: &&Relation| relation.through.is_none() && (relation.table)() == parent.table;
    let name = parent.parameter.strip_suffix("_id");
    let mut relations = M::RELATIONS.iter().filter(related);
    let named = relations
        .clone()
        .find(|relation| Some(relation.name) == name);
    let relation = named.or_else(|| relations.next())?;
    Some(Under {
        relation,
        key: parent.key.clone(),
        shared: parent.shared,
    })
}

impl<S, P> FromHead<S> for Db<P>
where
    S: HasTenancy<Pool = P>,
    P: Pool,
{
    async fn from_head(_: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Db::new(state.tenancy().pool().clone()))
    }
}

/// The caller. An endpoint that admits callers without a login takes `Option<Principal>`.
impl<S: HasTenancy> FromHead<S> for Principal<S::OrgKey> {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let principal = passed::<S::OrgKey>(parts)?.grant.principal().cloned();
        principal.ok_or_else(|| Denied::Unauthenticated(Reason::NotAuthenticated).into())
    }
}

impl<S: HasTenancy> FromHead<S> for Option<Principal<S::OrgKey>> {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(passed::<S::OrgKey>(parts)?.grant.principal().cloned())
    }
}

/// The row that the path names, loaded and checked in one statement. In a request that changes something (any method but
/// GET, HEAD, OPTIONS and TRACE) the row has to be one that the caller may change: shared rows refuse, and the write role is
/// asked for.
///
/// The key comes from the path parameter `{id}`; without one of that name from the only parameter. Text that is no key
/// answers like a key that no row has.
#[derive(Clone, Debug)]
pub struct Object<M>(M);

impl<M> Object<M> {
    /// The row.
    pub fn into_inner(self) -> M {
        self.0
    }
}

impl<M> Deref for Object<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

impl<S, M> FromHead<S> for Object<M>
where
    S: HasTenancy,
    M: Keyed<Key: PathKey>
        + ForKey<S::OrgKey>
        + GetByKey<<S::Pool as Pool>::Connection, Asynchronous>
        + Send
        + 'static,
{
    async fn from_head(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // The parent's key is not that of the object.
        let parent = passed::<S::OrgKey>(parts)?.parent.as_ref();
        let parent = parent.map(|parent| parent.parameter.as_str());
        // A path that is no text names no row.
        let params = Sent::params(parts).ok_or(Denied::NotFound)?;
        let others = || {
            params
                .iter()
                .filter(|(name, _)| Some(name.as_str()) != parent)
        };
        let named = others().find(|(name, _)| name == "id");
        let mut all = others();
        let text = match (named, all.next(), all.next()) {
            (Some((_, text)), ..) | (None, Some((_, text)), None) => text,
            _ => {
                tracing::error!("the route of an `Object` has no parameter `{{id}}`");
                return Err(Denied::NotFound.into());
            }
        };
        let key = M::Key::from_path(text).ok_or(Denied::NotFound)?;
        let mut conn = state.tenancy().pool().connection().await?;
        let scope = scoped::<S, M>(parts)?;
        let scope: Scoped<M> = match parts.method.is_safe() {
            true => scope,
            false => scope.into_write(),
        };
        let loading = scope.get(key, &mut conn);
        Ok(Object(loading.await?))
    }
}

/// A primary key that can stand in a path.
#[diagnostic::on_unimplemented(
    message = "a primary key of the type `{Self}` cannot be read from a path [org104]",
    note = "implement `PathKey` for it, or load the row with `scoped.get(key, &mut db)`"
)]
pub trait PathKey: Sized {
    /// The key that the text stands for; `None` for text that is no key.
    fn from_path(text: &str) -> Option<Self>;
}

macro_rules! path_keys {
    ($($(#[$meta:meta])* $key:ty),*) => {$(
        $(#[$meta])*
        impl PathKey for $key {
            fn from_path(text: &str) -> Option<Self> {
                // `+7` and `007` are other texts for 7, and there is one text for one row.
                text.parse().ok().filter(|key: &$key| key.to_string() == text)
            }
        }
    )*};
}

path_keys!(i16, i32, i64);

impl PathKey for String {
    fn from_path(text: &str) -> Option<Self> {
        // No database has a NUL in a text; PostgreSQL reports an error for it.
        (!text.contains('\0')).then(|| text.to_owned())
    }
}

#[cfg(feature = "uuid")]
impl PathKey for uuid::Uuid {
    fn from_path(text: &str) -> Option<Self> {
        text.parse()
            .ok()
            .filter(|key: &Self| key.to_string() == text)
    }
}
