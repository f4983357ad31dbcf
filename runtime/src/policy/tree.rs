//! `&`, `|` and `!`.
//!
//! Of the four verdicts, [`Unavailable`](Verdict::Unavailable) is the unknown of a three-valued logic (Kleene's): it stays
//! unless the other side decides alone, and no negation makes a grant of it.

use std::marker::PhantomData;

use super::{Explanation, Needs, OwnPermission, Policy, Question, Verdict};
use crate::error::Reason;

/// Both policies hold.
#[derive(Debug)]
pub struct And<A, B>(PhantomData<fn() -> (A, B)>);

#[inline]
fn and(a: Verdict, b: Verdict) -> Verdict {
    use Verdict::{Denied, Granted, Possible, Unavailable};
    match (a, b) {
        (Denied(reason), _) | (_, Denied(reason)) => Denied(reason),
        (Unavailable, _) | (_, Unavailable) => Unavailable,
        (Possible, _) | (_, Possible) => Possible,
        (Granted, Granted) => Granted,
    }
}

#[diagnostic::do_not_recommend]
impl<A: Policy, B: Policy> Policy for And<A, B> {
    const NEEDS: Needs = Needs::joined(A::NEEDS, B::NEEDS).with_demands(
        match (A::NEEDS.demands, B::NEEDS.demands) {
            (Some(a), Some(b)) => Some(if a.code() > b.code() { a } else { b }),
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => None,
        },
    );

    #[inline]
    fn decide(question: &Question<'_>) -> Verdict {
        match A::decide(question) {
            denied @ Verdict::Denied(_) => denied,
            a => and(a, B::decide(question)),
        }
    }

    fn explain(question: &Question<'_>) -> Explanation {
        Explanation::joined("all of", and, A::explain(question), B::explain(question))
    }

    fn permissions(each: &mut dyn FnMut(OwnPermission)) {
        A::permissions(each);
        B::permissions(each);
    }
}

/// At least one of the policies holds.
#[derive(Debug)]
pub struct Or<A, B>(PhantomData<fn() -> (A, B)>);

#[inline]
fn or(a: Verdict, b: Verdict) -> Verdict {
    use Verdict::{Denied, Granted, Possible, Unavailable};
    match (a, b) {
        (Granted, _) | (_, Granted) => Granted,
        (Possible, _) | (_, Possible) => Possible,
        (Unavailable, _) | (_, Unavailable) => Unavailable,
        (Denied(reason), Denied(_)) => Denied(reason),
    }
}

#[diagnostic::do_not_recommend]
impl<A: Policy, B: Policy> Policy for Or<A, B> {
    const NEEDS: Needs = Needs::joined(A::NEEDS, B::NEEDS).with_demands(
        match (A::NEEDS.demands, B::NEEDS.demands) {
            (Some(a), Some(b)) => Some(if a.code() < b.code() { a } else { b }),
            _ => None,
        },
    );

    #[inline]
    fn decide(question: &Question<'_>) -> Verdict {
        match A::decide(question) {
            Verdict::Granted => Verdict::Granted,
            a => or(a, B::decide(question)),
        }
    }

    fn explain(question: &Question<'_>) -> Explanation {
        Explanation::joined("any of", or, A::explain(question), B::explain(question))
    }

    fn permissions(each: &mut dyn FnMut(OwnPermission)) {
        A::permissions(each);
        B::permissions(each);
    }
}

/// The policy does not hold, for a caller who has logged in. Negation admits nobody without a login.
#[derive(Debug)]
pub struct Not<A>(PhantomData<fn() -> A>);

#[inline]
fn not(question: &Question<'_>, a: Verdict) -> Verdict {
    if !question.caller.is_authenticated() {
        return Verdict::Denied(Reason::NotAuthenticated);
    }
    match a {
        Verdict::Granted => Verdict::Denied(Reason::Excluded),
        Verdict::Denied(_) => Verdict::Granted,
        unknown @ (Verdict::Possible | Verdict::Unavailable) => unknown,
    }
}

#[diagnostic::do_not_recommend]
impl<A: Policy> Policy for Not<A> {
    const NEEDS: Needs = A::NEEDS.with_demands(None);

    #[inline]
    fn decide(question: &Question<'_>) -> Verdict {
        not(question, A::decide(question))
    }

    fn explain(question: &Question<'_>) -> Explanation {
        let inner = A::explain(question);
        Explanation::node("not", not(question, inner.verdict()), vec![inner])
    }

    fn permissions(each: &mut dyn FnMut(OwnPermission)) {
        A::permissions(each);
    }
}
