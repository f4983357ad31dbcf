//! Own atoms: a type that implements [`Permission`].

use std::any::{Any, TypeId};
use std::fmt;

use futures_util::future::BoxFuture;

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
#[diagnostic::on_unimplemented(message = "`{Self}` is not a permission [org112]")]
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

    pub(super) async fn answer(self) -> Answer {
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
pub struct ByModel(pub(super) Vec<(TypeId, AnyRows)>);

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
