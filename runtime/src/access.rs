//! The rule of one handler: its policy, its scope role, its write role, and how it answers for hidden rows.

use crate::error::{Denied, Reason};
use crate::facts::Caller;
use crate::policy::{
    Explanation, Needs, OwnPermission, Policy, Question, Row, Standing, Traits, Verdict,
};
use crate::role::Role;

#[cfg(test)]
mod tests;

/// How a row outside the caller's scope answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// 404, the same bytes as for a row that does not exist.
    NotFound,
    /// 403, where existence is no secret; a row that does not exist is 404.
    Forbidden,
}

/// What is done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// It is looked at.
    Read,
    /// It is changed or deleted: shared rows refuse, and the write role is asked for.
    Write,
}

/// A policy together with the scope role, the write role and the answer for hidden rows: all that the three readings of a
/// handler's rule follow from.
#[derive(Clone, Copy)]
pub struct Access {
    decide: fn(&Question<'_>) -> Verdict,
    explain: fn(&Question<'_>) -> Explanation,
    permissions: fn(&mut dyn FnMut(OwnPermission)),
    needs: Needs,
    /// `None`: the rows of every organization.
    scope: Option<Role>,
    write: Option<Role>,
    hidden: Hidden,
    reason: Option<&'static str>,
    /// The rows of the scope, where they do not follow from the scope role.
    among: Option<Accepted>,
}

/// Which rows are accepted, by the caller's role in their organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) roles: [bool; 3],
    pub(crate) shared: bool,
}

impl Access {
    /// The rule of a policy alone: the scope role is what the policy demands, else member; hidden rows are 404.
    ///
    /// # Panics
    /// At compile time, when the policy has more than eight own permissions: each may depend on rows, and a list asks the
    /// policy for every combination.
    #[track_caller]
    pub const fn of<P: Policy>() -> Access {
        assert!(
            P::NEEDS.own <= 8,
            "a policy has at most eight own permissions; join some in one type [org15]"
        );
        Access {
            decide: P::decide,
            explain: P::explain,
            permissions: P::permissions,
            needs: P::NEEDS,
            scope: match P::NEEDS.demands {
                Some(role) => Some(role),
                None => Some(Role::Member),
            },
            write: None,
            hidden: Hidden::NotFound,
            reason: None,
            among: None,
        }
    }

    /// The rule that accepts these rows, for whoever has logged in: what a write may name, a choice may offer, and a parent
    /// may be.
    pub(crate) const fn among(accepted: Accepted) -> Access {
        Access {
            scope: Some(Role::Member),
            among: Some(accepted),
            ..Access::of::<crate::policy::Authenticated>()
        }
    }

    /// The same rule with another scope role.
    pub const fn scope(mut self, role: Role) -> Access {
        self.scope = Some(role);
        self
    }

    /// The same rule over the rows of every organization, for callers who have logged in and as far as the policy lets them
    /// reach them. The reason is logged with each scope that is made of the rule by hand, and stands in the access report
    /// for a handler.
    pub const fn scope_all(mut self, reason: &'static str) -> Access {
        self.scope = None;
        self.reason = Some(reason);
        self
    }

    /// Why the scope is every organization.
    pub fn reason(&self) -> Option<&'static str> {
        self.reason
    }

    /// The same rule with another write role than the scope role.
    pub const fn write(mut self, role: Role) -> Access {
        self.write = Some(role);
        self
    }

    /// The same rule with a throttle, instead of that of the policy.
    pub const fn throttle(mut self, name: &'static str) -> Access {
        self.needs.throttle = Some(name);
        self
    }

    /// The same rule with other authenticators than those of the policy, by their names and in the order in which they are asked.
    pub const fn authenticate(mut self, names: &'static [&'static str]) -> Access {
        self.needs.authenticate = names;
        self
    }

    /// The same rule with another answer for hidden rows.
    pub const fn hidden(mut self, hidden: Hidden) -> Access {
        self.hidden = hidden;
        self
    }

    /// What the policy depends on.
    pub const fn needs(&self) -> Needs {
        self.needs
    }

    /// Refuses a policy that only a row, or a request, can answer.
    ///
    /// # Panics
    /// At compile time.
    #[track_caller]
    pub const fn check_without_rows(&self) {
        assert!(
            !self.needs.rows,
            "`can_view`, `can_edit` and `owns` ask about a row, and here is none: check it in the body with `Scope::<Model>::new::<Policy>(caller)` [org45]"
        );
        assert!(
            !self.needs.model,
            "`model_perms` asks for the permission that an HTTP method takes, and here is none; name it: `perm(\"app.change_model\")` [org45]"
        );
    }

    /// The scope role; `None` for the rows of every organization.
    pub fn scope_role(&self) -> Option<Role> {
        self.scope
    }

    /// The role that changing and deleting take.
    pub fn write_role(&self) -> Role {
        self.write.or(self.scope).unwrap_or(Role::Member)
    }

    /// How hidden rows answer.
    pub fn hidden_rows(&self) -> Hidden {
        self.hidden
    }

    /// Names the policy's own permissions.
    pub(crate) fn permissions(&self, each: &mut dyn FnMut(OwnPermission)) {
        (self.permissions)(each);
    }

    /// The first reading: could this caller pass for any row at all? Asked before anything else is read.
    ///
    /// # Errors
    /// [`Denied`] with the first reason that stands in the way.
    pub fn admit(&self, question: &Question<'_>) -> Result<(), Denied> {
        let caller = question.caller;
        if caller.superuser {
            return Ok(());
        }
        match (self.decide)(question) {
            Verdict::Granted | Verdict::Possible => Ok(()),
            Verdict::Denied(reason) => Err(Denied::Forbidden(reason).for_caller(caller)),
            Verdict::Unavailable => Err(Denied::Undecided),
        }
    }

    /// The first reading where no row will follow: what only a row could answer does not hold.
    ///
    /// # Errors
    /// As [`admit`](Self::admit).
    pub fn admit_without_rows(&self, question: &Question<'_>) -> Result<(), Denied> {
        self.admit(question)?;
        if question.answers.by_rows() == 0 && !self.needs.rows {
            return Ok(());
        }
        self.judge_any(question, Standing::Global)
    }

    /// Whether every row of a standing passes, whatever else it is: what only the row could answer counts neither as a yes
    /// nor, under a negation, as a no.
    pub(crate) fn judge_any(
        &self,
        question: &Question<'_>,
        standing: Standing,
    ) -> Result<(), Denied> {
        let row = Row::of(standing);
        self.judge(&question.about(row), Intent::Read)?;
        match self.shown(question, standing, Intent::Read)? {
            Shown::All => Ok(()),
            Shown::None | Shown::Some(_) => Err(Denied::Forbidden(Reason::Hidden)),
        }
    }

    /// The second reading: may this caller reach the row that the question is about? `superuser | (in scope & policy)`, and
    /// for a write the write role.
    ///
    /// # Errors
    /// [`Denied::NotFound`] or [`Denied::Forbidden`] for a row outside the scope, by [`Hidden`]; [`Denied::Forbidden`] for
    /// a row in scope that does not satisfy the policy.
    pub fn judge(&self, question: &Question<'_>, intent: Intent) -> Result<(), Denied> {
        self.judge_by(question, intent, self.decide)
    }

    /// The same with the policy as a function that the compiler knows.
    #[inline]
    pub(crate) fn judge_by(
        &self,
        question: &Question<'_>,
        intent: Intent,
        decide: impl FnOnce(&Question<'_>) -> Verdict,
    ) -> Result<(), Denied> {
        let caller = question.caller;
        if caller.superuser {
            return Ok(());
        }
        let standing = question.row.map_or(Standing::Nobody, |row| row.standing);
        if !self.in_scope(caller, standing) {
            return Err(match (self.hidden, self.needs.demands) {
                (Hidden::NotFound, _) => Denied::NotFound,
                (Hidden::Forbidden, Some(role)) => Denied::Forbidden(Reason::Role(role)),
                (Hidden::Forbidden, None) => Denied::Forbidden(Reason::Hidden),
            }
            .for_caller(caller));
        }
        match decide(question) {
            Verdict::Granted => {}
            Verdict::Denied(reason) => return Err(Denied::Forbidden(reason).for_caller(caller)),
            // A policy that cannot answer although it sees the row never grants.
            Verdict::Possible => return Err(Denied::Forbidden(Reason::Hidden)),
            Verdict::Unavailable => return Err(Denied::Undecided),
        }
        match intent {
            Intent::Read => Ok(()),
            Intent::Write => self.judge_write(caller, standing),
        }
    }

    /// SEMANTICS 6.1 and 6.2. A row without a tenant is changed by whoever the policy names.
    fn judge_write(&self, caller: Caller<'_>, standing: Standing) -> Result<(), Denied> {
        let role = self.write_role();
        match standing {
            Standing::Global if caller.authenticated => Ok(()),
            Standing::Of(held) if held >= role => Ok(()),
            Standing::Shared => Err(Denied::Forbidden(Reason::SharedReadOnly)),
            Standing::Global | Standing::Of(_) | Standing::Foreign | Standing::Nobody => {
                Err(Denied::Forbidden(Reason::Role(role)).for_caller(caller))
            }
        }
    }

    #[inline]
    fn in_scope(&self, caller: Caller<'_>, standing: Standing) -> bool {
        if let Some(accepted) = self.among {
            return accepted.accepts(standing);
        }
        match (self.scope, standing) {
            (_, Standing::Global) => true,
            (_, Standing::Nobody) => false,
            (None, _) => caller.authenticated,
            (Some(scope), Standing::Of(held)) => held >= scope,
            (Some(_), Standing::Shared) => caller.has_anywhere(Role::Manager),
            (Some(_), Standing::Foreign) => false,
        }
    }

    /// The third reading: for which traits a list shows the rows of one standing, to a caller who is no superuser.
    ///
    /// # Errors
    /// [`Denied::Undecided`] when some of them cannot be decided: an outage is never a shorter list.
    pub(crate) fn shown(
        &self,
        question: &Question<'_>,
        standing: Standing,
        intent: Intent,
    ) -> Result<Shown, Denied> {
        let mut passing = Vec::new();
        let mut all = true;
        let own = question.answers.by_rows();
        let depends = self.needs.rows || own > 0;
        for traits in Traits::all(own).take(if depends { usize::MAX } else { 1 }) {
            let row = Row {
                traits,
                ..Row::of(standing)
            };
            match self.judge(&question.about(row), intent) {
                Ok(()) => passing.push(traits),
                Err(Denied::Undecided) => return Err(Denied::Undecided),
                Err(_) => all = false,
            }
        }
        Ok(match (all, passing.is_empty()) {
            (true, _) => Shown::All,
            (_, true) => Shown::None,
            _ => Shown::Some(passing),
        })
    }

    /// Why a question is answered as it is.
    pub(crate) fn explain(&self, question: &Question<'_>) -> Explanation {
        let granted = |text: &str| Explanation::leaf(text, Verdict::Granted, None);
        if question.caller.superuser {
            return granted("superuser");
        }
        let policy = (self.explain)(question);
        match question.row {
            // Of a policy that refuses by itself, its own reasons say more.
            Some(row)
                if !self.in_scope(question.caller, row.standing)
                    && !matches!(policy.verdict(), Verdict::Denied(_)) =>
            {
                let scope = self.scope.unwrap_or(Role::Member);
                let verdict = Verdict::Denied(Reason::Hidden);
                let text = format!("in the scope of {scope}s");
                Explanation::node(text, verdict, vec![policy])
            }
            _ => policy,
        }
    }
}

impl Accepted {
    /// The rows of organizations where the caller has at least this role.
    pub(crate) fn at_least(role: Role, shared: bool) -> Accepted {
        let roles = Role::ALL.map(|held| held >= role);
        Accepted { roles, shared }
    }

    pub(crate) fn accepts(self, standing: Standing) -> bool {
        match standing {
            Standing::Of(role) => self.roles[role.index()],
            Standing::Shared => self.shared,
            Standing::Global => true,
            Standing::Foreign | Standing::Nobody => false,
        }
    }
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access")
            .field("needs", &self.needs)
            .field("scope", &self.scope)
            .field("write", &self.write)
            .field("hidden", &self.hidden)
            .finish_non_exhaustive()
    }
}

/// Which rows of one standing a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// None.
    None,
    /// Those with one of these traits.
    Some(Vec<Traits>),
    /// All.
    All,
}
