//! What a form may offer: exactly the rows that a write accepts.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::query_source::Column;

use crate::access::{Accepted, Access, Intent};
use crate::error::Denied;
use crate::model::OrgScoped;
use crate::path::{Ends, Here, Path, Via};
use crate::policy::Replies;
use crate::reach::Grant;
use crate::scoped::Scoped;
use crate::write::Writes;
use crate::write::rules::Named;

/// The relation methods of a model, as a type that remembers the way to it. Implemented by the derive.
pub trait Segment {
    /// The way.
    type Prefix;
}

/// The end of a relation with many rows of the model `N`.
#[derive(Clone, Copy, Debug)]
pub struct ManyTo<N>(&'static str, PhantomData<fn() -> N>);

impl<N> ManyTo<N> {
    /// The relation of this name.
    pub const fn named(name: &'static str) -> Self {
        ManyTo(name, PhantomData)
    }
}

/// A relation that an input may name rows of the model `N` by.
#[diagnostic::on_unimplemented(
    message = "this is no relation whose rows a form could offer as `{N}` [org119]",
    note = "name one relation of the model: `NewBuild::choices::<Category, _>(&builds, |build| build.category())`; for the organization \
            name a model of the organizations' own table"
)]
pub trait Choice<N> {
    /// Which one.
    #[doc(hidden)]
    fn relation(&self) -> Chosen;
}

/// The relation that is chosen from.
#[derive(Clone, Copy, Debug)]
pub enum Chosen {
    /// By its column.
    One(&'static str),
    /// By its name.
    Many(&'static str),
    /// The organization.
    Organization,
}

#[diagnostic::do_not_recommend]
impl<S, Fk, N, Key> Choice<N> for S
where
    S: Segment<Prefix = Via<Here, Fk, N, Key>>,
    Fk: Column,
{
    fn relation(&self) -> Chosen {
        Chosen::One(Fk::NAME)
    }
}

#[diagnostic::do_not_recommend]
impl<N> Choice<N> for ManyTo<N> {
    fn relation(&self) -> Chosen {
        Chosen::Many(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<N, Col, const SHARED: bool> Choice<N> for Ends<Here, Col, SHARED> {
    fn relation(&self) -> Chosen {
        Chosen::Organization
    }
}

/// The rows of `N` that the input `I` may name by a relation.
pub(crate) fn choices<I, N>(
    scope: &Scoped<I::Model>,
    relation: &impl Choice<N>,
) -> Result<Scoped<N>, Denied>
where
    I: Writes,
    N: OrgScoped<OrgKey = <I::Model as OrgScoped>::OrgKey>,
{
    let relation = relation.relation();
    let bounds = scope.bounds();
    let grant = bounds.grant.to_write();
    let (accepted, path) = accepted::<I, N>(&grant, bounds.path, relation)?;
    let access = Access::among(accepted);
    let principal = grant.principal().cloned();
    let grant = Grant::new(principal, access, Replies::default(), None, Intent::Read);
    Ok(Scoped::granted(Arc::new(grant), path))
}

fn accepted<I, N>(
    grant: &Grant<N::OrgKey>,
    path: Path,
    relation: Chosen,
) -> Result<(Accepted, Path), Denied>
where
    I: Writes,
    N: OrgScoped,
{
    let own = grant.roles(Intent::Write)?;
    let found = I::Model::RELATIONS.iter().find(|one| match relation {
        Chosen::One(column) => one.column == column && one.through.is_none(),
        Chosen::Many(name) => one.name == name && one.through.is_some(),
        Chosen::Organization => false,
    });
    let Some(found) = found else {
        let accepted = Accepted {
            roles: own,
            shared: false,
        };
        return Ok((accepted, N::PATH));
    };
    let named = Named {
        own,
        write: grant.access().write_role(),
        shared: I::OPTIONS.shared.includes(found.name),
        has_organization: I::Model::ORGANIZATION.is_some(),
        mirrors: I::Model::MIRRORS,
    };
    let (path, accepted) = named.through(found, path);
    Ok((accepted, path))
}
