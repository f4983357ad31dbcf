//! A new row whose organization is mirrored, and which does not say it, takes it from the row that it refers to.

use super::plan::{Taken, TakenBy};
use super::rules::Builder;
use super::values::Given;
use crate::key::Key;
use crate::model::OrgScoped;
use crate::relation::Relation;

impl<K: Key> Builder<'_, K> {
    /// The relation that leads to the organization which the row's own repeats.
    pub(super) fn mirrored<M: OrgScoped>(&self) -> Option<&'static Relation> {
        let path = self.mirrors?;
        M::RELATIONS
            .iter()
            .find(|relation| relation.seen_from(path).1)
    }

    /// The organization that a new row takes from the row of that relation, if it is not given.
    pub(super) fn takes<M: OrgScoped>(&self) -> Option<Taken> {
        let (column, path) = (self.organization?.column, self.mirrors?);
        if self.write.stored || self.names_organization() {
            return None;
        }
        let relation = self.mirrored::<M>()?;
        let under = self
            .write
            .under
            .filter(|under| under.relation.column == relation.column);
        let key = match (under, self.given(relation.column)) {
            (Some(under), _) => TakenBy::Key(under.key.clone()),
            (None, Some(Given::Value)) => TakenBy::Given(relation.column),
            (None, _) => return None,
        };
        let route = path.route;
        Some(Taken { column, route, key })
    }

    /// Whether the input says something of the organization.
    pub(super) fn names_organization(&self) -> bool {
        let column = self.organization.map(|organization| organization.column);
        column.is_some_and(|column| {
            self.given(column).is_some() || self.write.nulls.contains(&column)
        })
    }
}
