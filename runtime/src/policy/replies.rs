//! What the own permissions of a policy have answered: each is asked once, before the policy decides.

use std::any::TypeId;

use futures_util::FutureExt;

use super::permission::ByModel;
use super::{Answer, Asked, Check, Explanation, Needs, Permission, Policy, Question, Verdict};
use crate::access::Access;
use crate::error::{Denied, Reason};
use crate::rows::AnyRows;

/// One own permission of a policy.
#[derive(Clone, Copy)]
pub struct OwnPermission {
    id: TypeId,
    name: &'static str,
    check: for<'a> fn(&'a Asked<'a>) -> Check<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Given {
    Yes,
    No,
    Unavailable,
    /// For the rows with this number.
    Rows(usize),
}

/// What the own permissions of a policy have answered.
#[derive(Debug, Default)]
pub struct Replies {
    given: Vec<(TypeId, Given)>,
    rows: Vec<ByModel>,
}

impl Replies {
    /// Nothing was asked.
    pub(crate) const NONE: &'static Replies = &Replies {
        given: Vec::new(),
        rows: Vec::new(),
    };

    /// Asks each own permission once, unless the rule is decided without them: nobody is to start something by a request
    /// that is refused anyway.
    pub(crate) async fn of(access: &Access, question: &Question<'_>, asked: &Asked<'_>) -> Replies {
        let mut replies = Replies::default();
        for one in own(access, question) {
            let answer = (one.check)(asked).answer().await;
            replies.add(one, answer);
        }
        replies
    }

    /// The same where nothing can wait: what is not ready is unavailable.
    pub(crate) fn at_once(access: &Access, question: &Question<'_>, asked: &Asked<'_>) -> Replies {
        let mut replies = Replies::default();
        for one in own(access, question) {
            let answer = (one.check)(asked).answer().now_or_never();
            let later =
                || Answer::Unavailable("it answers later, and nothing can wait here".into());
            replies.add(one, answer.unwrap_or_else(later));
        }
        replies
    }

    fn add(&mut self, one: OwnPermission, answer: Answer) {
        let given = match answer {
            Answer::Yes => Given::Yes,
            Answer::No => Given::No,
            Answer::Rows(rows) => {
                self.rows.push(rows);
                Given::Rows(self.rows.len() - 1)
            }
            Answer::Unavailable(error) => {
                tracing::error!(permission = one.name, %error, "a permission cannot be decided");
                Given::Unavailable
            }
        };
        self.given.push((one.id, given));
    }

    /// For which rows of a table each permission holds that depends on rows.
    pub(crate) fn rows_of<T: 'static>(&self) -> impl Iterator<Item = AnyRows> {
        self.rows.iter().map(|by_model| {
            let mut of_table = by_model
                .0
                .iter()
                .filter(|(table, _)| *table == TypeId::of::<T>());
            of_table
                .next()
                .map_or(AnyRows::None, |(_, rows)| rows.clone())
        })
    }

    /// How many permissions depend on rows.
    pub(crate) fn by_rows(&self) -> usize {
        self.rows.len()
    }
}

/// The own permissions that the answer to a question depends on.
fn own(access: &Access, question: &Question<'_>) -> Vec<OwnPermission> {
    let mut own: Vec<OwnPermission> = Vec::new();
    let refused = access.admit(question);
    let decided = question.caller.is_superuser()
        || matches!(
            refused,
            Err(Denied::Forbidden(_) | Denied::Unauthenticated(_))
        );
    if !decided {
        access.permissions(&mut |one| {
            if own.iter().all(|other| other.id != one.id) {
                own.push(one);
            }
        });
    }
    own
}

#[diagnostic::do_not_recommend]
impl<P: Permission> Policy for P {
    const NEEDS: Needs = Needs {
        own: 1,
        ..Needs::facts(P::FACTS)
    };

    fn decide(question: &Question<'_>) -> Verdict {
        let given = question.answers.given.iter();
        let given = given.clone().find(|(id, _)| *id == TypeId::of::<P>());
        match (given, question.row) {
            (Some((_, Given::Yes)), _) => Verdict::Granted,
            (Some((_, Given::No)), _) => Verdict::Denied(Reason::Policy),
            (Some((_, Given::Rows(_))), None) => Verdict::Possible,
            (Some((_, Given::Rows(number))), Some(row)) if row.traits.qualifies(*number) => {
                Verdict::Granted
            }
            (Some((_, Given::Rows(_))), Some(_)) => Verdict::Denied(Reason::Policy),
            (Some((_, Given::Unavailable)) | None, _) => Verdict::Unavailable,
        }
    }

    fn explain(question: &Question<'_>) -> Explanation {
        let name = std::any::type_name::<P>();
        let name = name.rsplit("::").next().unwrap_or(name);
        Explanation::leaf(name, Self::decide(question), None)
    }

    fn permissions(each: &mut dyn FnMut(OwnPermission)) {
        each(OwnPermission {
            id: TypeId::of::<P>(),
            name: std::any::type_name::<P>(),
            check: P::check,
        });
    }
}
