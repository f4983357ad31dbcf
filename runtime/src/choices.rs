//! What a form may offer: exactly the rows that a write accepts.

#[cfg(test)]
mod tests;

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::query_source::Column;

use crate::access::{Accepted, Access, Intent};
use crate::error::Denied;
use crate::model::OrgScoped;
use crate::path::{Ends, Here, Path, Via};
use crate::policy::Replies;
use crate::reach::Grant;
use crate::relation::Relation;
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
    let bounds = scope.bounds();
    let grant = bounds.grant.to_write();
    let found = relation.relation().of::<I::Model>();
    let (accepted, path) = accepted::<I>(&grant, bounds.path, found)?;
    let access = Access::among(accepted);
    let principal = grant.principal().cloned();
    let grant = Grant::new(principal, access, Replies::default(), None, Intent::Read);
    Ok(Scoped::granted(Arc::new(grant), path.unwrap_or(N::PATH)))
}

impl Chosen {
    /// What the model says of it; `None` of the organization.
    fn of<M: OrgScoped>(self) -> Option<&'static Relation> {
        M::RELATIONS.iter().find(|one| match self {
            Chosen::One(column) => one.column == column && one.through.is_none(),
            Chosen::Many(name) => one.name == name && one.through.is_some(),
            Chosen::Organization => false,
        })
    }
}

/// Which rows the input `I` may name by a relation, and how they reach their organization; by none, which organizations.
///
/// # Errors
/// [`Denied::Undecided`] when it cannot be said what the caller may write.
pub(crate) fn accepted<I: Writes>(
    grant: &Grant<<I::Model as OrgScoped>::OrgKey>,
    path: Path,
    relation: Option<&Relation>,
) -> Result<(Accepted, Option<Path>), Denied> {
    let own = grant.roles(Intent::Write)?;
    let Some(relation) = relation else {
        let accepted = Accepted {
            roles: own,
            shared: false,
        };
        return Ok((accepted, None));
    };
    let named = Named {
        own,
        write: grant.access().write_role(),
        shared: I::OPTIONS.shared.includes(relation.name),
        has_organization: I::Model::ORGANIZATION.is_some(),
        mirrors: I::Model::MIRRORS,
    };
    let (path, accepted) = named.through(relation, path);
    Ok((accepted, Some(path)))
}
