//! What is done without a scope: for a reason that the compiler knows, of one model or statement by statement.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::access::Access;
use crate::identity::Tables;
use crate::model::OrgScoped;
use crate::policy::Authenticated;
use crate::principal::Principal;
use crate::reach::Grant;
use crate::scoped::Scoped;

/// Why something is done without a scope. A type and not a text, so that an empty reason does not compile, and the access report can tell it.
///
/// ```
/// use orgscope::unscoped::UnscopedReason;
///
/// /// In a handler: `async fn export(builds: Unscoped<Build, NightlyExport>, mut db: Db)`.
/// pub struct NightlyExport;
///
/// impl UnscopedReason for NightlyExport {
///     const REASON: &'static str = "the export is for the whole company";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no reason to do without a scope [org122]",
    note = "implement `orgscope::unscoped::UnscopedReason` for a type of your own, with the reason in its `REASON`"
)]
pub trait UnscopedReason: 'static {
    /// The reason, in words for whoever reads the access report and the log.
    const REASON: &'static str;
}

/// The reason, which says something.
#[track_caller]
const fn reason<R: UnscopedReason>() -> &'static str {
    assert!(
        !R::REASON.trim_ascii().is_empty(),
        "an empty `REASON` is no reason to do without a scope: say why [org122]"
    );
    R::REASON
}

/// The rows of `M` of every organization, for the reason `R`. A protected handler takes it as an argument: it is logged with the caller and
/// the handler, and stands in the access report. A job makes it with [`for_job`](Self::for_job).
///
/// What is written through it is checked as what a superuser writes.
pub struct Unscoped<M: OrgScoped, R> {
    grant: Arc<Grant<M::OrgKey>>,
    reason: PhantomData<fn() -> R>,
}

impl<M: OrgScoped, R: UnscopedReason> Unscoped<M, R> {
    pub(crate) fn of(caller: Principal<M::OrgKey>) -> Self {
        let access = const { Access::of::<Authenticated>() };
        Unscoped {
            grant: Arc::new(Grant::at_once(Some(caller.elevated()), access)),
            reason: PhantomData,
        }
    }

    /// For what nobody has asked for: jobs, commands, migrations. It is logged with the place where it is made.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use orgscope::prelude::*;
    /// # diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
    /// # #[derive(Queryable, Selectable, OrgScoped)]
    /// # #[diesel(table_name = devices)]
    /// # struct Device { id: i32, organization_id: i32 }
    /// use orgscope::unscoped::{Unscoped, UnscopedReason};
    ///
    /// struct Statistics;
    /// impl UnscopedReason for Statistics {
    ///     const REASON: &'static str = "the operators' statistics count all devices";
    /// }
    ///
    /// fn count(conn: &mut SqliteConnection) -> Result<i64, Error> {
    ///     Unscoped::<Device, Statistics>::for_job().rows().count(conn)
    /// }
    /// ```
    #[track_caller]
    pub fn for_job() -> Self {
        let place = std::panic::Location::caller();
        let reason = const { reason::<R>() };
        tracing::warn!(model = M::NAME, reason, %place, "a job without a scope");
        Self::of(Principal::system())
    }

    /// [`for_job`](Self::for_job), in a service whose organizations are in the tables `T`.
    #[track_caller]
    pub fn for_job_in<T: Tables<Organization = M::OrgKey>>() -> Self {
        let Unscoped { grant, .. } = Self::for_job();
        let caller = grant.principal().cloned().unwrap_or_else(Principal::system);
        Self::of(caller.in_tables::<T>())
    }

    /// The rows.
    pub fn rows(&self) -> Scoped<M> {
        Scoped::granted(self.grant.clone(), M::PATH)
    }
}

impl<M: OrgScoped, R: UnscopedReason> std::fmt::Debug for Unscoped<M, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unscoped")
            .field("model", &M::NAME)
            .field("reason", &R::REASON)
            .finish()
    }
}

/// What a handler does without a scope, for the access report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnscopedAbout {
    /// The model; `None` for statements of any kind.
    pub(crate) model: Option<&'static str>,
    pub(crate) reason: &'static str,
}

impl UnscopedAbout {
    /// The rows of a model.
    ///
    /// # Panics
    /// At compile time, when the reason is empty.
    #[track_caller]
    pub const fn model<M: OrgScoped, R: UnscopedReason>() -> UnscopedAbout {
        UnscopedAbout {
            model: Some(M::NAME),
            reason: reason::<R>(),
        }
    }

    /// Statements.
    ///
    /// # Panics
    /// At compile time, when the reason is empty.
    #[track_caller]
    pub const fn statements<R: UnscopedReason>() -> UnscopedAbout {
        UnscopedAbout {
            model: None,
            reason: reason::<R>(),
        }
    }
}

impl std::fmt::Display for UnscopedAbout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.model.unwrap_or("statements"), self.reason)
    }
}
