//! The rule of one handler: its policy, its scope role, and how it answers for hidden rows.

use crate::error::{Denied, Reason};
use crate::policy::{Caller, Policy, Question, Standing, Verdict};
use crate::role::Role;

/// How a row outside the caller's scope answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// 404, the same bytes as for a row that does not exist.
    NotFound,
    /// 403, where existence is no secret; a row that does not exist is 404.
    Forbidden,
}

/// A policy together with the scope role and the answer for hidden rows: all that the three readings of a handler's rule
/// follow from.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    decide: fn(&Question) -> Verdict,
    demands: Option<Role>,
    scope: Role,
    hidden: Hidden,
}

/// The standings that a list shows to one caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) roles: [bool; 3],
    pub(crate) shared: bool,
}

impl Access {
    /// The rule of a policy alone: the scope role is what the policy demands, else member; hidden rows are 404.
    pub const fn of<P: Policy>() -> Access {
        Access {
            decide: P::decide,
            demands: P::DEMANDS,
            scope: match P::DEMANDS {
                Some(role) => role,
                None => Role::Member,
            },
            hidden: Hidden::NotFound,
        }
    }

    /// The same rule with another scope role.
    pub const fn scope(mut self, role: Role) -> Access {
        self.scope = role;
        self
    }

    /// The same rule with another answer for hidden rows.
    pub const fn hidden(mut self, hidden: Hidden) -> Access {
        self.hidden = hidden;
        self
    }

    /// The first reading: could this caller pass for any row at all? Asked before anything else is read.
    ///
    /// # Errors
    /// [`Denied`] with the first reason that stands in the way.
    pub fn admit(&self, caller: Caller) -> Result<(), Denied> {
        if caller.superuser {
            return Ok(());
        }
        match (self.decide)(&Question { caller, row: None }) {
            Verdict::Denied(reason) => Err(Denied::Forbidden(reason).for_caller(caller)),
            Verdict::Granted | Verdict::Possible => Ok(()),
        }
    }

    /// The second reading: may this caller reach a row of this standing? `superuser | (in scope & policy)`.
    ///
    /// # Errors
    /// [`Denied::NotFound`] or [`Denied::Forbidden`] for a row outside the scope, by [`Hidden`]; [`Denied::Forbidden`] for
    /// a row in scope that does not satisfy the policy.
    pub fn judge(&self, caller: Caller, standing: Standing) -> Result<(), Denied> {
        if caller.superuser {
            return Ok(());
        }
        if !self.in_scope(caller, standing) {
            return Err(match (self.hidden, self.demands) {
                (Hidden::NotFound, _) => Denied::NotFound,
                (Hidden::Forbidden, Some(role)) => Denied::Forbidden(Reason::Role(role)),
                (Hidden::Forbidden, None) => Denied::Forbidden(Reason::Hidden),
            }
            .for_caller(caller));
        }
        let row = Some(standing);
        match (self.decide)(&Question { caller, row }) {
            Verdict::Granted => Ok(()),
            Verdict::Denied(reason) => Err(Denied::Forbidden(reason)),
            // A policy that cannot answer although it sees the row never grants.
            Verdict::Possible => Err(Denied::Forbidden(Reason::Hidden)),
        }
    }

    fn in_scope(&self, caller: Caller, standing: Standing) -> bool {
        match standing {
            Standing::Of(held) => held >= self.scope,
            Standing::Shared => caller.has_anywhere(Role::Manager),
            Standing::Foreign | Standing::Nobody => false,
        }
    }

    /// The third reading: which standings a list shows, for a caller who is no superuser.
    pub(crate) fn shown(&self, caller: Caller) -> Shown {
        let shows = |standing| self.judge(caller, standing).is_ok();
        Shown {
            roles: Role::ALL.map(|role| shows(Standing::Of(role))),
            shared: shows(Standing::Shared),
        }
    }
}
