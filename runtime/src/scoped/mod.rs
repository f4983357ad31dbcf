//! [`Scoped`]: a query with the caller's scope beside it.

mod build;
mod cut;
mod delete;
mod first;
mod join;
mod narrow;
mod parens;
pub(crate) mod pending;
mod point;
mod run;
mod stream;
mod total;

use std::fmt;
use std::sync::Arc;

use diesel::query_builder::AsQuery;

use crate::access::{Access, Intent};
use crate::model::{Global, OrgScoped};
use crate::path::Path;
use crate::policy::{Asked, Policy, Question, Replies};
use crate::principal::Principal;
use crate::reach::Grant;
use crate::selection::Whole;
use crate::write::plan::Under;

pub use cut::Cut;
pub use delete::{Deletes, ScopedDelete};
pub use first::{AmongFirst, KeyOf, PageScoped};
pub use join::{JoinScoped, Joined, On, OnInScope, WithRow};
pub use parens::Parens;
pub(crate) use pending::Pending;
pub use pending::Refused;
pub use point::GetByKey;
pub use run::RunScoped;
pub(crate) use run::WhenEmpty;
pub use total::{AllRows, CountScoped, Total};

/// The query that a [`Scoped`] starts from: the whole table.
pub type Start<M> = <<M as OrgScoped>::Table as AsQuery>::Query;

/// A query on the model `M` that shows its caller's rows only.
///
/// It has Diesel's builder methods under Diesel's names. The scope is carried beside the query and becomes its last
/// condition when it runs, so that nothing that is built before can widen it; terminal operations exist here only.
///
/// A handler takes it as an argument. Without a web framework, [`Scoped::new`] makes one from a principal:
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::prelude::*;
///
/// diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = devices)]
/// struct Device { id: i32, name: String, organization_id: i32 }
///
/// # fn main() -> Result<(), orgscope::Error> {
/// # let mut conn = SqliteConnection::establish(":memory:").unwrap();
/// # diesel::sql_query("CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT NOT NULL, organization_id INTEGER NOT NULL)").execute(&mut conn).unwrap();
/// # diesel::sql_query("INSERT INTO devices VALUES (1, 'router', 10), (2, 'switch', 20)").execute(&mut conn).unwrap();
/// let caller = Principal::new(7, false, [(10, Role::Manager)]);
/// let devices = Scope::<Device>::new::<policy::Manager>(&caller)
///     .order(devices::name)
///     .load(&mut conn)?;
/// assert_eq!(devices.len(), 1);
/// assert_eq!(devices[0].name, "router");
/// # Ok(())
/// # }
/// ```
pub struct Scoped<M: OrgScoped, Q = Start<M>, R = Whole<M>> {
    pub(crate) bounds: Bounds<M::OrgKey>,
    pub(crate) pending: Option<Arc<Pending<M::OrgKey>>>,
    /// The query was narrowed to one primary key.
    pub(crate) one: bool,
    shape: Shape,
    pub(crate) query: Q,
    rows: R,
}

/// What a page has to know of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// Its rows.
    Rows,
    /// Equal rows are one.
    Distinct,
    /// It has a beginning or an end of its own.
    Cut,
}

/// What keeps a scope to its rows: what the caller may reach, how a row reaches its organization, and the row in the URL that
/// they belong to.
#[doc(hidden)]
#[derive(Debug)]
pub struct Bounds<K> {
    pub(crate) grant: Arc<Grant<K>>,
    pub(crate) path: Path,
    pub(crate) under: Option<Under>,
}

impl<K> Clone for Bounds<K> {
    fn clone(&self) -> Self {
        Bounds {
            grant: self.grant.clone(),
            path: self.path,
            under: self.under.clone(),
        }
    }
}

/// The scope of a model, before anything is asked of it.
pub type Scope<M> = Scoped<M>;

impl<M: OrgScoped> Scoped<M> {
    /// The rows of `M` that the policy `P` lets this caller reach; none when the policy denies the caller.
    pub fn new<P: Policy>(caller: &Principal<M::OrgKey>) -> Self {
        Self::with_access(Access::of::<P>(), caller)
    }

    /// [`new`](Self::new), where own permissions may wait.
    pub async fn asked<P: Policy>(caller: &Principal<M::OrgKey>) -> Self {
        let access = Access::of::<P>();
        let asked = Asked::new(Some(caller), None);
        let question = Question::of(caller.caller());
        let replies = Replies::of(&access, &question, &asked).await;
        let grant = Grant::new(Some(caller.clone()), access, replies, None, Intent::Read);
        Self::granted(Arc::new(grant), M::PATH)
    }

    /// The same for a rule with its own scope role or answer for hidden rows. One over every organization is logged.
    pub fn with_access(access: Access, caller: &Principal<M::OrgKey>) -> Self {
        if let Some(reason) = access.reason() {
            tracing::warn!(model = M::NAME, caller = %caller.user_id(), reason, "scope over every organization");
        }
        Self::granted(
            Arc::new(Grant::at_once(Some(caller.clone()), access)),
            M::PATH,
        )
    }

    pub(crate) fn granted(grant: Arc<Grant<M::OrgKey>>, path: Path) -> Self {
        let under = None;
        Self::within(Bounds { grant, path, under })
    }

    pub(crate) fn within(bounds: Bounds<M::OrgKey>) -> Self {
        Scoped {
            bounds,
            pending: None,
            one: false,
            shape: Shape::Rows,
            query: M::SOURCE.as_query(),
            rows: Whole::new(),
        }
    }
}

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// The same query on the rows that the caller may change.
    pub(crate) fn into_write(mut self) -> Self {
        self.bounds.grant = Arc::new(self.bounds.grant.to_write());
        self
    }

    pub(crate) fn bounds(&self) -> &Bounds<M::OrgKey> {
        &self.bounds
    }

    /// Whether everything is known that the model's rules ask, if the policy asks them.
    pub(crate) fn holders_are_known(&self) -> bool {
        !self.bounds.grant.access().needs().rows || self.bounds.grant.knows(M::OBJECTS.facts())
    }
}

impl<M: OrgScoped> Scoped<M> {
    /// Every row of a model without a tenant. Where the model says who holds its rows, only a policy shows them.
    pub fn global() -> Self
    where
        M: Global,
    {
        const {
            assert!(
                !M::OBJECTS.are_declared(),
                "the model says who holds its rows: take `Scoped<Model>` in a handler, or `Scope::<Model>::new::<Policy>(caller)` [org47]"
            );
        }
        Self::granted(Grant::of_anyone(), M::PATH)
    }
}

impl<M: OrgScoped, Q: Clone, R: Clone> Clone for Scoped<M, Q, R> {
    fn clone(&self) -> Self {
        Scoped {
            bounds: self.bounds.clone(),
            pending: self.pending.clone(),
            one: self.one,
            shape: self.shape,
            query: self.query.clone(),
            rows: self.rows.clone(),
        }
    }
}

impl<M: OrgScoped, Q, R> fmt::Debug for Scoped<M, Q, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped")
            .field("model", &M::NAME)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}
