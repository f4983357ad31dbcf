//! Own atoms: a type that implements [`Permission`].

use std::any::{Any, TypeId};
use std::fmt;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Explanation, Needs, Policy, Question, Verdict};
use crate::access::Access;
use crate::error::{Denied, Reason};
use crate::facts::{Caller, Facts};
use crate::key::{Key, UserId};
use crate::model::OrgScoped;
use crate::principal::Principal;
use crate::rows::{AnyRows, Rows};

/// An own atom of policies. It is asked once, before the policy decides: about the caller, or for which rows it holds.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::policy::{Asked, Check, Permission};
/// use orgscope::prelude::*;
/// # diesel::table! { bars (id) { id -> Integer, kind -> Text, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = bars)]
/// # struct Bar { id: i32, kind: String, organization_id: i32 }
///
/// /// The request comes from our own office.
/// struct FromOffice;
///
/// impl Permission for FromOffice {
///     fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
///         asked.request().is_some_and(|request| request.headers.contains_key("x-office")).into()
///     }
/// }
///
/// /// The licence server says yes.
/// struct Licensed;
///
/// impl Permission for Licensed {
///     fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
///         Check::later(async move { ask_licence_server(asked.user_id()).await.into() })
///     }
/// }
/// # async fn ask_licence_server(_: Option<&orgscope::key::UserId>) -> bool { true }
///
/// /// The bar is one that is open to all.
/// struct OpenBar;
///
/// impl Permission for OpenBar {
///     fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
///         Check::rows(Rows::<Bar>::matching(bars::kind.eq("open")))
///     }
/// }
///
/// #[protected(member & FromOffice & (Licensed | OpenBar))]
/// async fn get_bar(bar: Object<Bar>) -> String { bar.kind.clone() }
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not a permission")]
pub trait Permission: 'static {
    /// What is to be known of the caller for it. Nothing else is loaded for its sake.
    const FACTS: Facts = Facts::CALLER;

    /// Replies.
    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a>;
}

/// The head of a request.
pub type Request = http::request::Parts;

/// What an own permission, and the rules of a model, can see.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    caller: Caller<'a>,
    user: Option<&'a UserId>,
    principal: Option<&'a (dyn Any + Send + Sync)>,
    request: Option<&'a Request>,
}

impl<'a> Asked<'a> {
    pub(crate) fn new<K: Key>(
        principal: Option<&'a Principal<K>>,
        request: Option<&'a Request>,
    ) -> Asked<'a> {
        Asked {
            caller: principal.map_or(Caller::ANONYMOUS, Principal::caller),
            user: principal.map(Principal::user_id),
            principal: principal.map(|principal| principal as _),
            request,
        }
    }

    /// The caller: login, roles, and those facts that were loaded.
    pub fn caller(&self) -> &Caller<'a> {
        &self.caller
    }

    /// The id of the user; `None` without a login.
    pub fn user_id(&self) -> Option<&'a UserId> {
        self.user
    }

    /// The caller with its memberships, as they were loaded. `K` is the key type of organizations; `None` without a login,
    /// and for another key type.
    pub fn principal<K: Key>(&self) -> Option<&'a Principal<K>> {
        self.principal?.downcast_ref()
    }

    /// The head of the request; `None` where there is none, in jobs and command lines, and for the rules of a model.
    pub fn request(&self) -> Option<&'a Request> {
        self.request
    }
}

impl fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("caller", &self.caller)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// The answer of an own permission, at once or later.
pub enum Check<'a> {
    /// At once.
    Now(Answer),
    /// After something that it waits for. Where nothing can wait (in a function that is not `async`, and in `Scope::new`) it
    /// is polled once.
    Later(BoxFuture<'a, Answer>),
}

impl<'a> Check<'a> {
    /// The answer comes later.
    pub fn later(answer: impl Future<Output = Answer> + Send + 'a) -> Check<'a> {
        Check::Later(Box::pin(answer))
    }

    /// It holds for these rows of the model's table, and for those that [`Answer::and_rows`] adds; for no others.
    pub fn rows<M: OrgScoped>(rows: Rows<M>) -> Check<'a> {
        Check::Now(Answer::rows(rows))
    }

    async fn answer(self) -> Answer {
        match self {
            Check::Now(answer) => answer,
            Check::Later(answer) => answer.await,
        }
    }
}

impl From<bool> for Check<'_> {
    fn from(holds: bool) -> Self {
        Check::Now(holds.into())
    }
}

impl From<Answer> for Check<'_> {
    fn from(answer: Answer) -> Self {
        Check::Now(answer)
    }
}

impl fmt::Debug for Check<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Check::Now(answer) => answer.fmt(f),
            Check::Later(_) => f.write_str("Later"),
        }
    }
}

/// What an own permission answers.
#[derive(Debug)]
pub enum Answer {
    /// It holds for the caller.
    Yes,
    /// It does not.
    No,
    /// It holds for some rows, model by model.
    Rows(ByModel),
    /// It cannot tell: the request is answered with 503, unless the rest of the policy decides alone.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
}

/// Rows of several models, by their tables.
#[derive(Debug, Default)]
pub struct ByModel(Vec<(TypeId, AnyRows)>);

impl Answer {
    /// It holds for these rows.
    pub fn rows<M: OrgScoped>(rows: Rows<M>) -> Answer {
        Answer::Rows(ByModel(vec![(TypeId::of::<M::Table>(), rows.any())]))
    }

    /// It holds for these rows as well, of the same table or of another one.
    pub fn and_rows<M: OrgScoped>(self, rows: Rows<M>) -> Answer {
        let table = TypeId::of::<M::Table>();
        match self {
            Answer::Rows(mut by_model) => {
                match by_model.0.iter_mut().find(|(other, _)| *other == table) {
                    Some((_, there)) => *there = there.clone().or(rows.any()),
                    None => by_model.0.push((table, rows.any())),
                }
                Answer::Rows(by_model)
            }
            Answer::No => Answer::rows(rows),
            other => other,
        }
    }
}

impl From<bool> for Answer {
    fn from(holds: bool) -> Answer {
        if holds { Answer::Yes } else { Answer::No }
    }
}

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
