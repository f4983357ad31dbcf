//! Filters on a scope: what they name has to be visible to the caller.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::dsl;
use diesel::query_dsl::methods::FilterDsl;

use super::{Filters, Matching, Ordering, OrgFilter, What};
use crate::access::{Accepted, Intent, Shown};
use crate::error::Denied;
use crate::field_errors::codes;
use crate::model::OrgScoped;
use crate::policy::Standing;
use crate::scoped::{Pending, Scoped};
use crate::write::plan::{Condition, Of, Plan};

impl<F: OrgFilter> Filters<F> {
    /// The order that was asked for, and this one where nothing more was said: a page needs an order that is total.
    pub fn order_or<O>(&self, then: O) -> Ordering<F::Model, O> {
        Ordering {
            columns: self.order.clone(),
            then,
            model: PhantomData,
        }
    }
}

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// The rows that match a query string. What it names (organizations, rows of relations) has to be visible to the caller
    /// here; what is not answers like what does not exist: `invalid_choice`, told when the rows are loaded.
    pub fn filtered<F>(mut self, filters: Filters<F>) -> Scoped<M, dsl::Filter<Q, Matching<M>>, R>
    where
        F: OrgFilter<Model = M>,
        Q: FilterDsl<Matching<M>>,
    {
        let mut plan = Plan::of(self.bounds.grant.principal());
        let (mut undecided, mut errors) = (false, filters.errors);
        if let Some(before) = self.pending.take() {
            plan.checks.clone_from(&before.checked.plan.checks);
            errors.merge(before.errors.clone());
            undecided = before.undecided;
        }
        for condition in &filters.conditions {
            match self.visible(&condition.what) {
                Ok(conditions) => conditions.into_iter().for_each(|visible| {
                    let code = codes::INVALID_CHOICE;
                    plan.check(&condition.parameter, code, visible);
                }),
                Err(_) => undecided = true,
            }
        }
        let pending = Pending::new(plan, errors, undecided);
        self.pending = (!pending.is_empty()).then(|| Arc::new(pending));
        let matching = Matching {
            conditions: filters.conditions,
            path: self.bounds.path,
            layout: self.bounds.grant.layout(),
            model: PhantomData,
        };
        self.map(|query| query.filter(matching))
    }

    /// What has to be visible for a condition.
    fn visible(&self, what: &What) -> Result<Vec<Condition>, Denied> {
        let grant = &self.bounds.grant;
        let accepted = || -> Result<Accepted, Denied> {
            Ok(Accepted {
                roles: grant.roles(Intent::Read)?,
                shared: grant.shown_for(Standing::Shared, Intent::Read)? != Shown::None,
            })
        };
        Ok(match what {
            What::Slug(_) | What::Column { .. } | What::Search { .. } => Vec::new(),
            What::Organization(key) | What::RelatedOrganization(_, key) => {
                let roles = grant.roles(Intent::Read)?;
                let of = Of::Key(key.clone());
                vec![Condition::Organization { of, roles }]
            }
            What::Relation(relation, keys) => {
                let (path, _) = relation.seen_from(self.bounds.path);
                let accepted = accepted()?;
                let keys = keys.iter().map(|key| Condition::Target {
                    relation,
                    path,
                    of: Of::Key(key.clone()),
                    accepted,
                });
                keys.collect()
            }
        })
    }
}
