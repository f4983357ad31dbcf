//! Policies: trees of atoms, built as types, and read in one way for the caller, for a row in memory and for a row in SQL.
//!
//! A policy answers a [`Question`]. Without a row the question is "could this caller pass for any row at all?"; with a
//! [`Row`] it is "may this caller reach this row?". Lists ask the second question once for every kind of row there is and
//! turn the answers into a condition, so that a list cannot disagree with the check of one object.

mod atoms;
mod decision;
mod explain;
mod objects;
mod permission;
mod replies;
#[cfg(test)]
mod tests;
mod tree;

use std::fmt::Display;

pub use atoms::{
    Anyone, Authenticated, Codename, FormerSubscriber, InGroup, Manager, Member, ModelPerms,
    NamesGroup, Owner, Perm, Root, Subscriber,
};
pub use decision::Decision;
pub use explain::Explanation;
pub use objects::{CanEdit, CanView, Hold, Owns};
pub use permission::{Answer, Asked, Check, Permission, Request};
pub use replies::{OwnPermission, Replies};
pub use tree::{And, Not, Or};

use crate::error::Reason;
use crate::facts::{Caller, Facts};
use crate::role::Role;

/// How a row stands to the caller: what the end of its org path says, seen through the caller's memberships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The path breaks before its end, or ends in NULL where that does not mean "shared": the row belongs to nobody.
    Nobody,
    /// The path ends in NULL and the model says `shared = read`.
    Shared,
    /// The row belongs to an organization in which the caller has no role, or to a disabled one.
    Foreign,
    /// The row belongs to an enabled organization in which the caller has this role.
    Of(Role),
    /// The model has no tenant: roles are asked of the caller alone.
    Global,
}

/// One row, as a policy sees it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// What its organization is to the caller.
    pub standing: Standing,
    /// What it is to the caller itself, and which own permissions hold for it.
    pub traits: Traits,
    /// The key of its organization, where it is known; for explanations only.
    pub organization: Option<&'a (dyn Display + Sync)>,
}

impl Row<'_> {
    /// A row of which only the standing matters.
    pub const fn of(standing: Standing) -> Row<'static> {
        Row {
            standing,
            traits: Traits::NONE,
            organization: None,
        }
    }
}

/// What the caller holds of a row ([`Hold`]), and for which of the own permissions that depend on rows it qualifies: a
/// small number, so that a database can compute it and a policy can be tabulated over all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits(pub(crate) usize);

impl Traits {
    /// The row is nothing special to the caller.
    pub const NONE: Traits = Traits(0);

    /// What the caller holds of the row.
    pub fn hold(self) -> Hold {
        Hold::ALL[self.0 & 3]
    }

    /// Whether the row qualifies for the own permission with this number.
    pub(crate) fn qualifies(self, number: usize) -> bool {
        (self.0 >> (2 + number)) & 1 == 1
    }

    /// Every combination, with this number of own permissions that depend on rows.
    pub(crate) fn all(own: usize) -> impl Iterator<Item = Traits> {
        (0..4 << own).map(Traits)
    }
}

/// What a policy is asked.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Who asks.
    pub caller: Caller<'a>,
    /// What the own permissions in the policy have answered.
    pub answers: &'a Replies,
    /// What is to be done, for `model_perms`.
    pub action: Option<Action>,
    /// About which row; `None` asks whether the caller could pass for any row.
    pub row: Option<Row<'a>>,
}

impl<'a> Question<'a> {
    /// The question about a caller for whom no own permission was asked.
    #[inline]
    pub fn of(caller: Caller<'a>) -> Question<'a> {
        Question {
            caller,
            answers: Replies::NONE,
            action: None,
            row: None,
        }
    }

    /// The same question about a row.
    #[inline]
    pub fn about(self, row: Row<'a>) -> Question<'a> {
        let row = Some(row);
        Question { row, ..self }
    }
}

/// What a request does to a model: asked by `model_perms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// What the permission codenames of the model begin with, and its name: `("firmware", "build")`.
    pub model: (&'static str, &'static str),
    /// Which of the four; `None` for methods that do nothing to models, which no permission allows.
    pub verb: Option<Verb>,
}

/// The four permissions that a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GET and HEAD: `view` or `change`.
    View,
    /// POST: `add`.
    Add,
    /// PUT and PATCH: `change`.
    Change,
    /// DELETE: `delete`.
    Delete,
}

impl Verb {
    /// The verb of an HTTP method; `None` for methods that do nothing to models.
    pub fn of_method(method: &str) -> Option<Verb> {
        match method {
            "GET" | "HEAD" => Some(Verb::View),
            "POST" => Some(Verb::Add),
            "PUT" | "PATCH" => Some(Verb::Change),
            "DELETE" => Some(Verb::Delete),
            _ => None,
        }
    }

    /// The codenames that allow it, any of them.
    pub(crate) fn codenames(self) -> &'static [&'static str] {
        match self {
            Verb::View => &["view", "change"],
            Verb::Add => &["add"],
            Verb::Change => &["change"],
            Verb::Delete => &["delete"],
        }
    }
}

/// What a policy answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Granted,
    /// It may hold for some row; only asked about a row will it say.
    Possible,
    /// It does not hold.
    Denied(Reason),
    /// Something that it depends on is not known: neither a grant nor a denial.
    Unavailable,
}

/// What a policy depends on, known at compile time.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// The weakest role that every alternative of the policy demands; `None` when one gets by without a role.
    pub demands: Option<Role>,
    /// What it asks about the caller.
    pub facts: Facts,
    /// It has an atom that only a row can answer: `can_view`, `can_edit`, `owns`.
    pub rows: bool,
    /// It has `model_perms`, which needs a model and a method.
    pub model: bool,
    /// How many own permissions it asks.
    pub own: usize,
    /// The throttle of its bundle.
    pub throttle: Option<&'static str>,
    /// The authenticators that it asks, by their names; empty for all.
    pub authenticate: &'static [&'static str],
}

impl Needs {
    /// Nothing.
    pub const NONE: Needs = Needs {
        demands: None,
        facts: Facts::CALLER,
        rows: false,
        model: false,
        own: 0,
        throttle: None,
        authenticate: &[],
    };

    /// A role.
    pub const fn role(role: Role) -> Needs {
        Needs {
            demands: Some(role),
            ..Needs::NONE
        }
    }

    /// Facts about the caller.
    pub const fn facts(facts: Facts) -> Needs {
        Needs {
            facts,
            ..Needs::NONE
        }
    }

    /// The same with a throttle.
    pub const fn throttle(self, name: &'static str) -> Needs {
        let throttle = Some(name);
        Needs { throttle, ..self }
    }

    /// The same with authenticators.
    pub const fn authenticate(self, names: &'static [&'static str]) -> Needs {
        Needs {
            authenticate: names,
            ..self
        }
    }

    const fn with_demands(self, demands: Option<Role>) -> Needs {
        Needs { demands, ..self }
    }

    /// What both depend on, but for the role.
    const fn joined(a: Needs, b: Needs) -> Needs {
        Needs {
            demands: None,
            facts: a.facts.and(b.facts),
            rows: a.rows || b.rows,
            model: a.model || b.model,
            own: a.own + b.own,
            throttle: match a.throttle {
                Some(throttle) => Some(throttle),
                None => b.throttle,
            },
            authenticate: match a.authenticate {
                [] => b.authenticate,
                names => names,
            },
        }
    }
}

/// A question about caller and row that is answered by a type.
///
/// `#[protected(…)]` and [`policy!`](crate::policy!) build it from the atoms of this module; own atoms implement
/// [`Permission`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy [org112]",
    note = "an own atom implements `orgscope::policy::Permission`; `policy! {{ … }}` gives a policy a name"
)]
pub trait Policy: 'static {
    /// What it depends on.
    const NEEDS: Needs;

    /// Answers one question.
    fn decide(question: &Question<'_>) -> Verdict;

    /// Replies the same question, with what led to the answer.
    fn explain(question: &Question<'_>) -> Explanation;

    /// Names the own permissions in it.
    fn permissions(_each: &mut dyn FnMut(OwnPermission)) {}
}
