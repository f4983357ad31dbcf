//! Policies: trees of atoms, built as types, and read in one way for the caller, for a row in memory and for a row in SQL.
//!
//! A policy answers a [`Question`]. Without a row the question is "could this caller pass for any row at all?"; with the
//! [`Standing`] of a row it is "may this caller reach this row?". Lists ask the second question once per standing and turn
//! the answers into a set of organizations, so that a list cannot disagree with the check of one object.

use std::marker::PhantomData;

use crate::error::Reason;
use crate::role::Role;

/// What a policy can know about the caller without looking at a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Somebody has logged in.
    pub authenticated: bool,
    /// The superuser flag is set.
    pub superuser: bool,
    /// The highest role in any enabled organization.
    pub highest: Option<Role>,
}

impl Caller {
    /// A caller without a login.
    pub const ANONYMOUS: Caller = Caller {
        authenticated: false,
        superuser: false,
        highest: None,
    };

    /// Whether the caller has at least `role` in at least one enabled organization.
    pub fn has_anywhere(&self, role: Role) -> bool {
        self.highest.is_some_and(|highest| highest >= role)
    }
}

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
}

/// What a policy is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Who asks.
    pub caller: Caller,
    /// About which row; `None` asks whether the caller could pass for any row.
    pub row: Option<Standing>,
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
}

/// A question about caller and row that is answered by a type. Built by `#[protected(…)]`, or by hand from the types of
/// this module.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    note = "the atoms are `anyone`, `authenticated`, `member`, `manager` and `owner`, joined by `&`, `|` and `!`"
)]
pub trait Policy: 'static {
    /// The weakest role that every alternative of the policy demands; `None` when one gets by without a role.
    const DEMANDS: Option<Role>;

    /// Answers one question.
    fn decide(question: &Question) -> Verdict;
}

/// Admits everybody, with or without a login. Callers without a login see no tenant rows.
#[derive(Debug)]
pub struct Anyone;

#[diagnostic::do_not_recommend]
impl Policy for Anyone {
    const DEMANDS: Option<Role> = None;

    fn decide(_: &Question) -> Verdict {
        Verdict::Granted
    }
}

/// Admits every valid login.
#[derive(Debug)]
pub struct Authenticated;

#[diagnostic::do_not_recommend]
impl Policy for Authenticated {
    const DEMANDS: Option<Role> = None;

    fn decide(question: &Question) -> Verdict {
        if question.caller.authenticated {
            Verdict::Granted
        } else {
            Verdict::Denied(Reason::NotAuthenticated)
        }
    }
}

/// Answers for one role: SEMANTICS 4.2 and 4.3 without a row, 5.2 and 5.5 with one.
fn decide_role(role: Role, question: &Question) -> Verdict {
    if !question.caller.authenticated {
        return Verdict::Denied(Reason::NotAuthenticated);
    }
    let passes = match question.row {
        None => role == Role::Member || question.caller.has_anywhere(role),
        Some(Standing::Of(held)) => held >= role,
        Some(Standing::Shared) => question.caller.has_anywhere(Role::Manager),
        Some(Standing::Foreign | Standing::Nobody) => false,
    };
    match (passes, question.row) {
        (false, _) => Verdict::Denied(Reason::Role(role)),
        (true, None) => Verdict::Possible,
        (true, Some(_)) => Verdict::Granted,
    }
}

macro_rules! role_atoms {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        #[diagnostic::do_not_recommend]
        impl Policy for $name {
            const DEMANDS: Option<Role> = Some(Role::$name);

            fn decide(question: &Question) -> Verdict {
                decide_role(Role::$name, question)
            }
        }
    )*};
}

role_atoms! {
    /// Asks for any membership in the row's organization; without a row, for a login only.
    Member,
    /// Asks for the role of a manager in the row's organization; without a row, in any enabled one.
    Manager,
    /// Asks for the role of the owner in the row's organization; without a row, in any enabled one.
    Owner,
}

/// Both policies hold.
#[derive(Debug)]
pub struct And<A, B>(PhantomData<fn() -> (A, B)>);

#[diagnostic::do_not_recommend]
impl<A: Policy, B: Policy> Policy for And<A, B> {
    const DEMANDS: Option<Role> = match (A::DEMANDS, B::DEMANDS) {
        (Some(a), Some(b)) => Some(if a.code() > b.code() { a } else { b }),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    };

    fn decide(question: &Question) -> Verdict {
        match (A::decide(question), B::decide(question)) {
            (Verdict::Denied(reason), _) | (_, Verdict::Denied(reason)) => Verdict::Denied(reason),
            (Verdict::Granted, Verdict::Granted) => Verdict::Granted,
            _ => Verdict::Possible,
        }
    }
}

/// At least one of the policies holds.
#[derive(Debug)]
pub struct Or<A, B>(PhantomData<fn() -> (A, B)>);

#[diagnostic::do_not_recommend]
impl<A: Policy, B: Policy> Policy for Or<A, B> {
    const DEMANDS: Option<Role> = match (A::DEMANDS, B::DEMANDS) {
        (Some(a), Some(b)) => Some(if a.code() < b.code() { a } else { b }),
        _ => None,
    };

    fn decide(question: &Question) -> Verdict {
        match (A::decide(question), B::decide(question)) {
            (Verdict::Granted, _) | (_, Verdict::Granted) => Verdict::Granted,
            (Verdict::Possible, _) | (_, Verdict::Possible) => Verdict::Possible,
            (Verdict::Denied(reason), Verdict::Denied(_)) => Verdict::Denied(reason),
        }
    }
}

/// The policy does not hold, for a caller who has logged in. Only [`Anyone`] admits callers without a login.
#[derive(Debug)]
pub struct Not<A>(PhantomData<fn() -> A>);

#[diagnostic::do_not_recommend]
impl<A: Policy> Policy for Not<A> {
    const DEMANDS: Option<Role> = None;

    fn decide(question: &Question) -> Verdict {
        if !question.caller.authenticated {
            return Verdict::Denied(Reason::NotAuthenticated);
        }
        match A::decide(question) {
            Verdict::Granted => Verdict::Denied(Reason::Excluded),
            Verdict::Possible => Verdict::Possible,
            Verdict::Denied(_) => Verdict::Granted,
        }
    }
}
