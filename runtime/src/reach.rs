//! A rule resolved for one caller: everything, nothing, or a set of organizations.

mod part;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

pub(crate) use part::{Organizations, Part};

use crate::access::{Access, Intent, Shown};
use crate::error::Denied;
use crate::facts::{Caller, Facts};
use crate::identity::Layout;
use crate::key::Key;
use crate::policy::{Action, Asked, Decision, Question, Replies, Row, Standing};
use crate::principal::{Authority, Principal};
use crate::role::Role;

/// What an authorized caller may reach: the caller, the rule, and what the rule's own permissions have answered. Only an
/// authorized caller's check makes one.
#[derive(Debug)]
pub struct Grant<K> {
    principal: Option<Principal<K>>,
    access: Access,
    answers: Arc<Replies>,
    action: Option<Action>,
    intent: Intent,
    /// Where users are, and organizations and groups.
    layout: &'static Layout,
    /// For models with a tenant, and for those without.
    reach: [OnceLock<Arc<Reach<K>>>; 2],
}

/// Which rows a list shows.
#[derive(Debug)]
pub(crate) enum Reach<K> {
    /// Every row: the caller is a superuser, or the rows have no tenant and the policy asks nothing of them.
    Everything,
    /// No row.
    Nothing,
    /// It cannot be said: an outage is never a shorter list.
    Undecided,
    /// The rows of these organizations, and the shared ones; each part with the traits that its rows need.
    Parts(Vec<Part<K>>),
    /// Rows of whatever organization, by their standing.
    ByStanding(Option<Authority<K>>, Vec<(Vec<Standing>, Shown)>),
    /// Rows without a tenant.
    Global(Shown),
}

impl<K: Key> Grant<K> {
    pub(crate) fn new(
        principal: Option<Principal<K>>,
        access: Access,
        answers: Replies,
        action: Option<Action>,
        intent: Intent,
    ) -> Grant<K> {
        let layout = principal
            .as_ref()
            .map_or(Layout::bundled(), Principal::layout);
        Grant {
            principal,
            access,
            answers: Arc::new(answers),
            action,
            intent,
            layout,
            reach: Default::default(),
        }
    }

    /// The grant of a rule for a caller, without a request: own permissions that wait for something are unavailable.
    pub(crate) fn at_once(principal: Option<Principal<K>>, access: Access) -> Grant<K> {
        let asked = Asked::new(principal.as_ref(), None);
        let answers = Replies::at_once(&access, &Question::of(*asked.caller()), &asked);
        Grant::new(principal, access, answers, None, Intent::Read)
    }

    /// The grant of everybody, for the rows of a global model.
    pub fn of_anyone() -> Arc<Grant<K>> {
        Arc::new(Grant::at_once(None, Access::of::<crate::policy::Anyone>()))
    }

    /// The same grant for a model without a tenant, whatever its key type.
    pub fn without_organizations<J: Key>(&self) -> Arc<Grant<J>> {
        Arc::new(Grant {
            principal: self
                .principal
                .as_ref()
                .map(Principal::without_organizations),
            access: self.access,
            answers: self.answers.clone(),
            action: self.action,
            intent: self.intent,
            layout: self.layout,
            reach: Default::default(),
        })
    }

    /// The same grant for another model, which has permissions of its own.
    pub(crate) fn for_model(self: Arc<Self>, model: (&'static str, &'static str)) -> Arc<Grant<K>> {
        match self.action {
            Some(action) if action.model != model => Arc::new(Grant {
                action: Some(Action { model, ..action }),
                ..self.unresolved()
            }),
            _ => self,
        }
    }

    /// Whether these facts of the caller are known, or there is no caller.
    pub(crate) fn knows(&self, facts: Facts) -> bool {
        let Some(principal) = &self.principal else {
            return true;
        };
        let caller = principal.caller();
        principal.is_superuser()
            || (!facts.memberships || principal.memberships().is_some())
                && (!facts.groups || caller.groups().is_some())
                && (!facts.permissions || caller.has_permission("").is_some())
                && (!facts.subscription || caller.subscription().is_some())
    }

    /// The same grant for changing rows.
    pub(crate) fn to_write(&self) -> Grant<K> {
        Grant {
            intent: Intent::Write,
            ..self.unresolved()
        }
    }

    /// The same grant before anybody asked what it reaches: what changes about a copy changes that.
    fn unresolved(&self) -> Grant<K> {
        Grant {
            principal: self.principal.clone(),
            access: self.access,
            answers: self.answers.clone(),
            action: self.action,
            intent: self.intent,
            layout: self.layout,
            reach: Default::default(),
        }
    }

    /// The same grant, where users are in these tables: an anonymous caller does not say.
    pub(crate) fn stored_in(self, layout: &'static Layout) -> Grant<K> {
        Grant { layout, ..self }
    }

    /// Where users are, and organizations and groups.
    pub(crate) fn layout(&self) -> &'static Layout {
        self.layout
    }

    pub(crate) fn principal(&self) -> Option<&Principal<K>> {
        self.principal.as_ref()
    }

    pub(crate) fn caller(&self) -> Caller<'_> {
        self.principal
            .as_ref()
            .map_or(Caller::ANONYMOUS, Principal::caller)
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    pub(crate) fn answers(&self) -> &Replies {
        &self.answers
    }

    fn question(&self) -> Question<'_> {
        Question {
            answers: &self.answers,
            action: self.action,
            ..Question::of(self.caller())
        }
    }

    /// Could the caller pass for any row?
    pub(crate) fn admit(&self) -> Decision<'_> {
        let question = self.question();
        Decision::new(self.access.admit(&question), &self.access, question)
    }

    /// Could the caller pass, where no row will be asked about?
    pub(crate) fn admit_without_rows(&self) -> Decision<'_> {
        let question = self.question();
        let outcome = self.access.admit_without_rows(&question);
        Decision::new(outcome, &self.access, question)
    }

    /// May the caller have this row?
    pub(crate) fn judge(&self, row: Row<'static>) -> Decision<'_> {
        let question = self.question().about(row);
        let outcome = self.access.admit(&self.question());
        let outcome = outcome.and_then(|()| self.access.judge(&question, self.intent));
        Decision::new(outcome, &self.access, question)
    }

    pub(crate) fn reach(&self, global: bool) -> &Arc<Reach<K>> {
        self.reach[usize::from(global)].get_or_init(|| Arc::new(self.resolve(global)))
    }

    fn resolve(&self, global: bool) -> Reach<K> {
        if self.caller().superuser {
            return Reach::Everything;
        }
        let resolved = match self.admit().outcome() {
            Err(denied) => Err(denied),
            Ok(()) if global => self.resolve_global(),
            Ok(()) => self.resolve_tenant(),
        };
        match resolved {
            Ok(reach) => reach,
            Err(Denied::Undecided) => Reach::Undecided,
            Err(_) => Reach::Nothing,
        }
    }

    fn shown(&self, standing: Standing) -> Result<Shown, Denied> {
        self.shown_for(standing, self.intent)
    }

    /// For which traits the rule admits rows of a standing.
    pub(crate) fn shown_for(&self, standing: Standing, intent: Intent) -> Result<Shown, Denied> {
        self.access.shown(&self.question(), standing, intent)
    }

    fn resolve_global(&self) -> Result<Reach<K>, Denied> {
        Ok(match self.shown(Standing::Global)? {
            Shown::All => Reach::Everything,
            Shown::None => Reach::Nothing,
            shown => Reach::Global(shown),
        })
    }

    /// The reach as it is asked of one row, whose organization needs one membership: a database may gather those of all organizations for
    /// what a list asks.
    pub(crate) fn reach_of_one(&self, global: bool) -> Arc<Reach<K>> {
        let reach = self.reach(global);
        match (&**reach, self.groups()) {
            (Reach::Parts(_), Ok(groups)) => {
                let authority = self.principal().map(Principal::authority);
                Arc::new(Reach::ByStanding(authority, groups))
            }
            _ => reach.clone(),
        }
    }

    /// What the rows of each standing have to be, standings of which the same is asked together.
    fn groups(&self) -> Result<Vec<(Vec<Standing>, Shown)>, Denied> {
        let caller = self.caller();
        // Only what there can be for this caller: nobody is to wait for an answer that does not matter.
        let roles = Role::ALL
            .into_iter()
            .filter(|role| caller.has_anywhere(*role));
        let others: &[Standing] = match self.access.scope_role() {
            Some(_) => &[Standing::Shared],
            None => &[Standing::Shared, Standing::Foreign],
        };
        let mut groups: Vec<(Vec<Standing>, Shown)> = Vec::new();
        for standing in roles.map(Standing::Of).chain(others.iter().copied()) {
            let shown = self.shown(standing)?;
            match groups.iter_mut().find(|(_, other)| *other == shown) {
                Some((standings, _)) => standings.push(standing),
                None => groups.push((vec![standing], shown)),
            }
        }
        groups.retain(|(_, shown)| *shown != Shown::None);
        Ok(groups)
    }

    fn resolve_tenant(&self) -> Result<Reach<K>, Denied> {
        let groups = self.groups()?;
        match (self.access.scope_role(), &self.principal) {
            (None, principal) => {
                let authority = principal.as_ref().map(Principal::authority);
                Ok(Reach::ByStanding(authority, groups))
            }
            (Some(_), None) => Ok(Reach::Nothing),
            (Some(_), Some(principal)) => {
                let parts = groups.into_iter().map(|(standings, shown)| Part {
                    organizations: Organizations::of(
                        principal,
                        Role::ALL.map(|role| standings.contains(&Standing::Of(role))),
                        self.intent,
                    ),
                    shared: standings.contains(&Standing::Shared),
                    shown,
                });
                let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
                if parts.is_empty() {
                    return Ok(Reach::Nothing);
                }
                Ok(Reach::Parts(parts))
            }
        }
    }
}
