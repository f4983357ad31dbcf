//! The atoms that are answered by the caller, and by the role in a row's organization.

use std::marker::PhantomData;

use super::{Action, Explanation, Needs, Policy, Question, Standing, Verdict};
use crate::error::Reason;
use crate::facts::{Facts, GroupRef, Subscription};
use crate::role::Role;

/// Admits everybody, with or without a login. Callers without a login see no tenant rows.
#[derive(Debug)]
pub struct Anyone;

#[diagnostic::do_not_recommend]
impl Policy for Anyone {
    const NEEDS: Needs = Needs::NONE;

    #[inline]
    fn decide(_: &Question<'_>) -> Verdict {
        Verdict::Granted
    }

    fn explain(question: &Question<'_>) -> Explanation {
        Explanation::leaf("anyone", Self::decide(question), None)
    }
}

/// Answers about a caller who has logged in; `None` when it is not known.
#[inline]
fn decide_login(question: &Question<'_>, holds: Option<bool>, reason: Reason) -> Verdict {
    if !question.caller.is_authenticated() {
        return Verdict::Denied(Reason::NotAuthenticated);
    }
    match holds {
        Some(true) => Verdict::Granted,
        Some(false) => Verdict::Denied(reason),
        None => Verdict::Unavailable,
    }
}

/// Answers for one role: SEMANTICS 4.2 and 4.3 without a row, 5.2 and 5.5 with one.
#[inline]
fn decide_role(role: Role, question: &Question<'_>) -> Verdict {
    let caller = &question.caller;
    if !caller.is_authenticated() {
        return Verdict::Denied(Reason::NotAuthenticated);
    }
    let anywhere = || role == Role::Member || caller.has_anywhere(role);
    let row = question.row.map(|row| row.standing);
    let passes = match row {
        None | Some(Standing::Global) => anywhere(),
        Some(Standing::Of(held)) => held >= role,
        Some(Standing::Shared) => caller.has_anywhere(Role::Manager),
        Some(Standing::Foreign | Standing::Nobody) => false,
    };
    match (passes, row) {
        (false, _) => Verdict::Denied(Reason::Role(role)),
        (true, None) => Verdict::Possible,
        (true, Some(_)) => Verdict::Granted,
    }
}

/// `manager of org 7: no, member only`
fn explain_role(role: Role, question: &Question<'_>) -> Explanation {
    let verdict = decide_role(role, question);
    let held =
        |held: Option<Role>| held.map_or("no role".to_owned(), |held| format!("{held} only"));
    let (of, only) = match question.row {
        None => (
            " of any organization".to_owned(),
            held(question.caller.highest_role()),
        ),
        Some(row) => match row.standing {
            Standing::Of(role) => {
                let of = row
                    .organization
                    .map_or(" of the row's organization".to_owned(), |key| {
                        format!(" of org {key}")
                    });
                (of, held(Some(role)))
            }
            Standing::Foreign => (" of the row's organization".to_owned(), held(None)),
            Standing::Shared => (" for a shared row".to_owned(), "manages nothing".to_owned()),
            Standing::Nobody => (
                " of nobody's row".to_owned(),
                "it has no organization".to_owned(),
            ),
            Standing::Global => (
                " of any organization".to_owned(),
                held(question.caller.highest_role()),
            ),
        },
    };
    Explanation::leaf(format!("{role}{of}"), verdict, Some(only))
}

macro_rules! role_atoms {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        #[diagnostic::do_not_recommend]
        impl Policy for $name {
            const NEEDS: Needs = Needs::role(Role::$name);

            #[inline]
            fn decide(question: &Question<'_>) -> Verdict {
                decide_role(Role::$name, question)
            }

            fn explain(question: &Question<'_>) -> Explanation {
                explain_role(Role::$name, question)
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

macro_rules! caller_atoms {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $facts:expr, $reason:expr, |$caller:ident| $holds:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        #[diagnostic::do_not_recommend]
        impl Policy for $name {
            const NEEDS: Needs = Needs::facts($facts);

            #[inline]
            fn decide(question: &Question<'_>) -> Verdict {
                let $caller = &question.caller;
                decide_login(question, $holds, $reason)
            }

            fn explain(question: &Question<'_>) -> Explanation {
                Explanation::leaf($text, Self::decide(question), None)
            }
        }
    )*};
}

caller_atoms! {
    /// Admits every valid login.
    Authenticated, "authenticated", Facts::CALLER, Reason::NotAuthenticated, |_caller| Some(true);
    /// Admits superusers and the members of the root group. Only the superuser flag lifts tenancy.
    Root, "root", Facts::GROUPS, Reason::Root, |caller| caller.is_root();
    /// Admits whoever has a subscription that covers now.
    Subscriber, "subscriber", Facts::SUBSCRIPTION, Reason::Subscription,
        |caller| caller.subscription().map(|subscription| subscription == Subscription::Current);
    /// Admits whoever has, or ever had, a subscription.
    FormerSubscriber, "former_subscriber", Facts::SUBSCRIPTION, Reason::Subscription,
        |caller| caller.subscription().map(|subscription| subscription != Subscription::Never);
}

/// Which group an `in_group(…)` asks for. Implemented by the macros.
pub trait NamesGroup: 'static {
    /// The group.
    fn group() -> GroupRef;
}

/// Admits the members of a group.
#[derive(Debug)]
pub struct InGroup<G>(PhantomData<fn() -> G>);

#[diagnostic::do_not_recommend]
impl<G: NamesGroup> Policy for InGroup<G> {
    const NEEDS: Needs = Needs::facts(Facts::GROUPS);

    #[inline]
    fn decide(question: &Question<'_>) -> Verdict {
        let is_in = question.caller.in_group(&G::group());
        decide_login(question, is_in, Reason::Group)
    }

    fn explain(question: &Question<'_>) -> Explanation {
        let text = format!("in_group({})", G::group());
        Explanation::leaf(text, Self::decide(question), None)
    }
}

/// Which permission a `perm(…)` asks for. Implemented by the macros.
pub trait Codename: 'static {
    /// `app.codename`
    const CODENAME: &'static str;
}

/// Admits whoever has a permission, directly or through a group.
#[derive(Debug)]
pub struct Perm<C>(PhantomData<fn() -> C>);

#[diagnostic::do_not_recommend]
impl<C: Codename> Policy for Perm<C> {
    const NEEDS: Needs = Needs::facts(Facts::PERMISSIONS);

    #[inline]
    fn decide(question: &Question<'_>) -> Verdict {
        let has = question.caller.has_permission(C::CODENAME);
        decide_login(question, has, Reason::Permission)
    }

    fn explain(question: &Question<'_>) -> Explanation {
        let text = format!("perm({:?})", C::CODENAME);
        Explanation::leaf(text, Self::decide(question), None)
    }
}

/// Admits whoever has the permission on the handler's model that the HTTP method takes (SEMANTICS 6.3): GET and HEAD `view`
/// or `change`, POST `add`, PUT and PATCH `change`, DELETE `delete`; directly or through a group.
#[derive(Debug)]
pub struct ModelPerms;

#[diagnostic::do_not_recommend]
impl Policy for ModelPerms {
    const NEEDS: Needs = Needs {
        model: true,
        ..Needs::facts(Facts::PERMISSIONS)
    };

    #[inline]
    fn decide(question: &Question<'_>) -> Verdict {
        let has = match question.action {
            // Not asked about a model: nothing says which permission it would be.
            None => None,
            Some(Action { model, verb }) => {
                let mut any = Some(false);
                for codename in verb.iter().flat_map(|verb| verb.codenames()) {
                    match question.caller.has_model_permission(model, codename) {
                        Some(true) => any = Some(true),
                        Some(false) => {}
                        None => any = None,
                    }
                }
                any
            }
        };
        decide_login(question, has, Reason::Permission)
    }

    fn explain(question: &Question<'_>) -> Explanation {
        let text = match question.action {
            None => "model_perms (of no model)".to_owned(),
            Some(Action { model, verb }) => {
                let names = verb.iter().flat_map(|verb| verb.codenames());
                let names: Vec<_> = names
                    .map(|verb| format!("{}.{verb}_{}", model.0, model.1))
                    .collect();
                format!("model_perms ({})", names.join(" or "))
            }
        };
        Explanation::leaf(text, Self::decide(question), None)
    }
}
