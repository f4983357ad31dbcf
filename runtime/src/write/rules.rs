//! The rules of writes (SEMANTICS 7): which checks follow from what an input gives and what the model says.

use super::input::Options;
use super::plan::{Condition, Of, Plan, Taken, Under};
use super::values::{Columns, Given};
use crate::access::{Accepted, Intent, Shown};
use crate::error::Denied;
use crate::field_errors::{FieldErrors, codes};
use crate::key::{Key, RowKey};
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::policy::Standing;
use crate::reach::Grant;
use crate::relation::{Organization, Relation};
use crate::role::Role;

/// What a plan is made of.
pub(crate) struct Write<'a, K> {
    pub(crate) grant: &'a Grant<K>,
    pub(crate) path: Path,
    pub(crate) options: Options,
    pub(crate) under: Option<&'a Under>,
    /// The columns that were given as null and are not written therefore.
    pub(crate) nulls: &'a [&'static str],
    /// A row is there already.
    pub(crate) stored: bool,
    /// What is known to be wrong.
    pub(crate) errors: &'a mut FieldErrors,
}

impl<K: Key> Write<'_, K> {
    /// The checks of a write of these values. What needs no database is added to the errors.
    ///
    /// # Errors
    /// [`Denied::Undecided`] when it cannot be said what the caller may write.
    pub(crate) fn plan<M>(self, values: &impl Columns) -> Result<Plan<K>, Denied>
    where
        M: OrgScoped<OrgKey = K>,
    {
        let mut given = Vec::new();
        values.columns(&mut |column, how| given.push((column, how)));
        let mut many: Vec<(&'static str, Vec<RowKey>)> = Vec::new();
        values.many(&mut |name, keys| many.push((name, keys.to_vec())));
        let own = self.grant.roles(Intent::Write)?;
        let write = self.grant.access().write_role();
        let mut plan = Plan::of(self.grant.principal());
        let mut builder = Builder {
            own,
            named: Role::ALL.map(|role| role >= write),
            given,
            organization: M::ORGANIZATION,
            mirrors: M::MIRRORS,
            taken: None,
            write: self,
        };
        builder.taken = builder.takes::<M>();
        builder.organization::<M>(&mut plan);
        for relation in M::RELATIONS {
            match relation.through {
                None => builder.one(relation, &mut plan),
                Some(_) => builder.many(relation, &many, &mut plan),
            }
        }
        plan.takes.clone_from(&builder.taken);
        builder.refuse_missing::<M>(&plan);
        Ok(plan)
    }
}

/// Which rows a relation may name (SEMANTICS 7.4): in a write, and so in what a form offers.
pub(crate) struct Named {
    /// The roles of organizations that the row itself may be in.
    pub(crate) own: [bool; 3],
    /// The role that it takes in those of other rows.
    pub(crate) write: Role,
    /// Shared rows may be named.
    pub(crate) shared: bool,
    /// The row has an organization of its own: without one it would become shared with what it names.
    pub(crate) has_organization: bool,
    /// The path whose organization the row's own repeats.
    pub(crate) mirrors: Option<Path>,
}

impl Named {
    /// The rows of a relation that leads to the organization which the row's own repeats, by that way.
    fn mirrored(&self, relation: &Relation) -> Option<(Path, Accepted)> {
        let (path, is_mirrored) = relation.seen_from(self.mirrors?);
        let (roles, shared) = (self.own, false);
        is_mirrored.then_some((path, Accepted { roles, shared }))
    }

    /// The rows of a relation of rows with this path, and how they reach their organization.
    pub(crate) fn through(&self, relation: &Relation, path: Path) -> (Path, Accepted) {
        // Where it belongs, whether it says so or not.
        if let Some((path, accepted)) = self.mirrored(relation)
            && path.leads_like(relation.path)
        {
            return (path, accepted);
        }
        match relation.seen_from(path) {
            (path, true) => {
                let accepted = Accepted {
                    roles: self.own,
                    shared: self.shared && self.has_organization,
                };
                (path, accepted)
            }
            (path, false) => (path, Accepted::at_least(self.write, self.shared)),
        }
    }
}

pub(super) struct Builder<'a, K> {
    /// The roles of organizations that the row may be in.
    own: [bool; 3],
    /// The roles of organizations that other rows may be in.
    named: [bool; 3],
    given: Vec<(&'static str, Given)>,
    pub(super) organization: Option<Organization>,
    /// The path whose organization the row's own repeats.
    pub(super) mirrors: Option<Path>,
    /// What a new row takes.
    taken: Option<Taken>,
    pub(super) write: Write<'a, K>,
}

impl<K: Key> Builder<'_, K> {
    pub(super) fn given(&self, column: &str) -> Option<Given> {
        let found = self.given.iter().find(|(name, _)| *name == column);
        found.map(|(_, given)| *given)
    }

    /// The column of the relation that the row's own path begins with.
    fn own_relation(&self) -> Option<&'static str> {
        match self.write.path.route {
            Route::Hop { column, .. } => Some(column),
            Route::Column { .. } | Route::Global => None,
        }
    }

    /// SEMANTICS 7.1 to 7.3, and 7.7.
    fn organization<M: OrgScoped>(&self, plan: &mut Plan<K>) {
        let Some(organization) = self.organization else {
            return;
        };
        let field = self
            .write
            .options
            .field(organization.column, organization.name);
        if self.given(organization.column) == Some(Given::Value) {
            let (of, roles) = (Of::Given(organization.column), self.own);
            let condition = Condition::Organization { of, roles };
            plan.check(field, codes::DOES_NOT_EXIST, condition);
        }
        if !self.write.stored || self.given(organization.column).is_none() {
            return;
        }
        for dependent in M::DEPENDENTS {
            let condition = Condition::Unpinned {
                dependent,
                organization,
            };
            plan.check(field, codes::INVALID, condition);
        }
    }

    /// SEMANTICS 7.4 and 7.6 for a foreign key.
    fn one(&self, relation: &'static Relation, plan: &mut Plan<K>) {
        let options = &self.write.options;
        let field = options.field(relation.column, relation.name);
        let under = self
            .write
            .under
            .filter(|under| under.relation.column == relation.column);
        let given = self.given(relation.column) == Some(Given::Value);
        let of = match under {
            Some(under) => Some(Of::Key(under.key.clone())),
            None => given.then_some(Of::Given(relation.column)),
        };
        let shared = under.map_or(options.shared.includes(relation.name), |under| under.shared);
        if let Some(of) = &of {
            let has_organization = self.organization.is_some();
            let named = Named {
                own: self.own,
                write: self.write.grant.access().write_role(),
                shared,
                has_organization,
                mirrors: self.mirrors,
            };
            let through = named.through(relation, self.write.path);
            let mirrored = named.mirrored(relation);
            let mirrored = mirrored.filter(|(path, _)| !path.leads_like(relation.path));
            for (path, accepted) in [through].into_iter().chain(mirrored) {
                let condition = Condition::Target {
                    relation,
                    path,
                    of: of.clone(),
                    accepted,
                };
                plan.check(field, codes::DOES_NOT_EXIST, condition);
            }
        }
        if options.may_cross(relation.name) {
            return;
        }
        let mirrors = self.mirrors.filter(|path| relation.seen_from(*path).1);
        if let Some((organization, unless)) = self.organization_for(of.is_some())
            && (relation.organization.is_some() || mirrors.is_some())
            // From there it is taken.
            && (mirrors.is_none() || self.taken.is_none())
        {
            let is_null = self.given(relation.column) == Some(Given::Null) && under.is_none();
            let of = of.or((self.write.stored && !is_null).then_some(Of::Stored(relation.column)));
            if let Some(of) = of {
                let condition = Condition::Agrees {
                    relation,
                    of,
                    organization,
                    unless,
                    mirrors,
                };
                plan.check(field, codes::ORGANIZATION_MISMATCH, condition);
            }
        }
    }

    /// The same for the keys of a join table.
    fn many(
        &self,
        relation: &'static Relation,
        many: &[(&'static str, Vec<RowKey>)],
        plan: &mut Plan<K>,
    ) {
        let options = &self.write.options;
        let field = options.field(relation.name, relation.name);
        let sent = many.iter().find(|(name, _)| *name == relation.name);
        let crosses = options.may_cross(relation.name) || relation.organization.is_none();
        let Some((_, keys)) = sent else {
            let moved = self.organization.filter(|organization| {
                self.write.stored && self.given(organization.column) == Some(Given::Value)
            });
            if let Some(organization) = moved.filter(|_| !crosses) {
                let condition = Condition::ManyAgree {
                    relation,
                    organization,
                };
                plan.check(field, codes::ORGANIZATION_MISMATCH, condition);
            }
            return;
        };
        for key in keys {
            let accepted = Accepted {
                roles: self.named,
                shared: options.shared.includes(relation.name),
            };
            let of = Of::Key(key.clone());
            let condition = Condition::Target {
                relation,
                path: relation.path,
                of: of.clone(),
                accepted,
            };
            plan.check(field, codes::DOES_NOT_EXIST, condition);
            if let Some((organization, unless)) = self.organization_for(true).filter(|_| !crosses) {
                let condition = Condition::Agrees {
                    relation,
                    of,
                    organization,
                    unless,
                    mirrors: None,
                };
                plan.check(field, codes::ORGANIZATION_MISMATCH, condition);
            }
        }
    }

    /// The organization that a relation has to agree with, if any: of a relation that is not given only when the row moves.
    fn organization_for(&self, relation_given: bool) -> Option<(Of, Option<&'static str>)> {
        let organization = self.organization?;
        match (self.given(organization.column), self.write.stored) {
            (Some(Given::Null), _) => None,
            (Some(Given::Value), false) => Some((Of::Given(organization.column), None)),
            (Some(Given::Value), true) => Some((
                Of::Given(organization.column),
                (!relation_given).then_some(organization.column),
            )),
            (None, true) if relation_given => Some((Of::Stored(organization.column), None)),
            (None, true) => None,
            (None, false) => Some((Of::Taken(self.taken.clone()?), None)),
        }
    }

    /// SEMANTICS 7.1, 7.2 and the end of 7.4: only superusers make rows that belong to everybody or to nobody.
    fn refuse_missing<M: OrgScoped>(self, plan: &Plan<K>) {
        if plan.superuser {
            return;
        }
        let under = self.write.under.map(|under| under.relation.column);
        let own_relation = self
            .own_relation()
            .filter(|column| under != Some(*column))
            .and_then(|column| M::RELATIONS.iter().find(|one| one.column == column));
        let organization = match (&plan.takes, self.mirrored::<M>()) {
            (Some(_), _) => None,
            // What it would be taken from is missing.
            (None, Some(relation)) if !self.write.stored && !self.names_organization() => {
                Some((relation.column, relation.name))
            }
            _ => self.organization.map(|one| (one.column, one.name)),
        };
        let own_relation = own_relation.map(|one| (one.column, one.name));
        for (column, name) in organization.into_iter().chain(own_relation) {
            let code = match (self.given(column), self.write.stored) {
                (Some(Given::Value), _) | (None, true) => continue,
                (Some(Given::Null), _) => codes::NULL,
                (None, false) if self.write.nulls.contains(&column) => codes::NULL,
                (None, false) => codes::REQUIRED,
            };
            let field = self.write.options.field(column, name);
            if !self.write.errors.has(field) {
                self.write.errors.add(field, code);
            }
        }
    }
}

impl<K: Key> Grant<K> {
    /// The roles in whose organizations the rule admits a row: to be read, as far as that can be said without the row; to be
    /// written, whatever the row is, because nobody has asked it yet.
    ///
    /// # Errors
    /// [`Denied::Undecided`].
    pub(crate) fn roles(&self, intent: Intent) -> Result<[bool; 3], Denied> {
        let mut roles = [false; 3];
        for role in Role::ALL {
            let shown = self.shown_for(Standing::Of(role), intent)?;
            roles[role.index()] = match intent {
                Intent::Read => shown != Shown::None,
                Intent::Write => shown == Shown::All,
            };
        }
        Ok(roles)
    }
}
