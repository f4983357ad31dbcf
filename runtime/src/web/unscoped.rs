//! Without a scope, in a handler.

use std::marker::PhantomData;

use diesel::query_builder::AsQuery;
use http::request::Parts;

use super::answer::ApiError;
use super::guard::{Passed, is_dry, passed};
use super::request::FromHead;
use super::tenancy::HasTenancy;
use crate::audit::Audited;
use crate::connection::Asynchronous;
use crate::db::Db;
use crate::error::Error;
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::key::Key;
use crate::model::ForKey;
use crate::pool::Pool;
use crate::principal::Principal;
use crate::problem::Problem;
use crate::selection::Chosen;
use crate::unscoped::{Unscoped, UnscopedAbout, UnscopedReason};

impl<S, M, R> FromHead<S> for Unscoped<M, R>
where
    S: HasTenancy,
    M: ForKey<S::OrgKey> + 'static,
    R: UnscopedReason,
{
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let passed = passed::<S::OrgKey>(parts)?;
        let about = const { UnscopedAbout::model::<M, R>() };
        let place = Place::of(passed, about)?;
        if !is_dry(parts) {
            place.log("rows without a scope");
        }
        let grant = M::grant(passed.grant.clone());
        let caller = grant.principal().cloned();
        let caller = caller.unwrap_or_else(Principal::system);
        Ok(Unscoped::of(caller.stored_in(grant.layout())))
    }
}

/// Statements of any kind, for the reason `R`: raw SQL, reports, what Diesel cannot say of one model. Each is logged with the caller and the
/// handler; the access report names the reason.
///
/// ```
/// use axum::Json;
/// use diesel::prelude::*;
/// use diesel::sql_types::BigInt;
/// use orgscope::axum::UnscopedSql;
/// use orgscope::prelude::*;
/// use orgscope::unscoped::UnscopedReason;
///
/// struct Statistics;
/// impl UnscopedReason for Statistics {
///     const REASON: &'static str = "the operators see numbers of all organizations, and nothing else";
/// }
///
/// #[derive(QueryableByName)]
/// struct Number {
///     #[diesel(sql_type = BigInt)]
///     number: i64,
/// }
///
/// #[protected(root)]
/// async fn devices(sql: UnscopedSql<Statistics>, mut db: Db) -> Result<Json<i64>, ApiError> {
///     let query = diesel::sql_query("SELECT COUNT(*) AS number FROM devices");
///     let numbers: Vec<Number> = sql.load(query, &mut db).await?;
///     Ok(Json(numbers.iter().map(|row| row.number).sum()))
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct UnscopedSql<R> {
    place: Place,
    reason: PhantomData<fn() -> R>,
}

impl<S: HasTenancy, R: UnscopedReason> FromHead<S> for UnscopedSql<R> {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let passed = passed::<S::OrgKey>(parts)?;
        Ok(UnscopedSql {
            place: Place::of(passed, const { UnscopedAbout::statements::<R>() })?,
            reason: PhantomData,
        })
    }
}

impl<R: UnscopedReason> UnscopedSql<R> {
    /// Runs a query.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn load<'q, U, Q, P>(&self, query: Q, db: &mut Db<P>) -> Result<Vec<U>, Error>
    where
        P: Pool,
        U: Send + 'q,
        Q: AsQuery,
        Statement<Audited<Q::Query>, Chosen>: Fetch<'q, P::Connection, Asynchronous, U> + Send + 'q,
    {
        self.place.log("a statement without a scope");
        Statement::own(Audited(query.as_query()))
            .fetch(db.connection().await?)
            .await
    }

    /// Runs a command, and says how many rows it changed.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn execute<'q, Q, P>(&self, command: Q, db: &mut Db<P>) -> Result<usize, Error>
    where
        P: Pool,
        Command<Audited<Q>>: Execute<'q, P::Connection, Asynchronous> + Send + 'q,
    {
        self.place.log("a statement without a scope");
        Command(Audited(command))
            .execute(db.connection().await?)
            .await
    }
}

/// Who does without a scope, where and why.
#[derive(Clone, Debug)]
struct Place {
    about: UnscopedAbout,
    handler: &'static str,
    module: &'static str,
    caller: String,
}

impl Place {
    /// # Errors
    /// 500 where the access report does not name it.
    fn of<K: Key>(passed: &Passed<K>, about: UnscopedAbout) -> Result<Place, ApiError> {
        let handler = passed.about;
        if !handler.unscoped.contains(&about) {
            tracing::error!(
                handler = handler.handler,
                "an argument without a scope is not in the access report: write it as `Unscoped<…>` or `UnscopedSql<…>`"
            );
            return Err(Problem::internal().into());
        }
        let caller = passed.grant.principal();
        Ok(Place {
            about,
            handler: handler.handler,
            module: handler.module,
            caller: caller.map_or_else(String::new, |caller| caller.user_id().to_string()),
        })
    }

    fn log(&self, what: &str) {
        let UnscopedAbout { model, reason } = self.about;
        let (handler, module, caller) = (self.handler, self.module, self.caller.as_str());
        tracing::warn!(model, reason, handler, module, caller, "{what}");
    }
}
