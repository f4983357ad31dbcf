//! A database for a test: organizations, users with roles, and who asked it what.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

use crate::any::AnyPool;
use crate::audit::{Auditor, Finding, UNSCOPED, without_values};
use crate::error::{Denied, Error};
use crate::facts::Facts;
use crate::identity::{
    Migrations, NewOrganization, NewUser, TokenOptions, add_membership, add_organization, add_user,
    issue_token, principal,
};
use crate::pool::Pool;
use crate::principal::Principal;
use crate::role::Role;

/// A database with the bundled tables (`i32` keys), for one test. It listens to what is asked of it. Its own users and organizations have keys from
/// 1,000,000 on, so that rows of the service's own do not collide with them.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::prelude::*;
/// use orgscope::testing::World;
/// # diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = devices)]
/// # struct Device { id: i32, organization_id: i32 }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let world = World::in_memory().await?;
/// let (acme, bolt) = (world.organization("acme").await?, world.organization("bolt").await?);
/// let mia = world.user("mia", &[(acme, Role::Manager)]).await?;
/// world.sql("CREATE TABLE devices (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL)").await?;
/// world.sql(&format!("INSERT INTO devices VALUES (1, {acme}), (2, {bolt})")).await?;
///
/// // Over HTTP: the value of `Authorization`, and the state of the router.
/// let (bearer, tenancy) = (world.log_in(mia).await?, world.tenancy());
/// # let _ = (bearer, tenancy);
///
/// // Without HTTP: the caller, a decision with its reasons, and how many statements a list costs.
/// let mia = world.caller(mia).await?;
/// let reasons = mia.decide::<policy::Owner>(&acme).explain().to_string();
/// assert_eq!(reasons, format!("owner of org {acme}: no, manager only"));
///
/// world.statements();
/// let mut conn = world.connection().await?;
/// assert_eq!(Scope::<Device>::new::<policy::Manager>(&mia).count(&mut conn).await?, 1);
/// assert_eq!(world.statements().len(), 1);
/// world.assert_scoped();
/// # Ok(()) })
/// # }
/// ```
pub struct World {
    pool: AnyPool,
    listener: Listener,
    next: AtomicI32,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// Above those that a service's own rows for tests have.
const FIRST_KEY: i32 = 1_000_000;

/// Keeps the statements that it hears, and passes them on to an auditor.
#[derive(Clone, Debug)]
struct Listener {
    auditor: Auditor,
    statements: Arc<Mutex<Vec<String>>>,
}

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = &event {
            let mut text = String::new();
            let heard = self.statements.lock();
            let mut heard = heard.unwrap_or_else(PoisonError::into_inner);
            // What cannot be written does not run.
            if write!(text, "{query}").is_ok() {
                heard.push(without_values(&text).to_owned());
            }
        }
        self.auditor.on_connection_event(event);
    }
}

impl World {
    /// A database in memory (SQLite), which is gone with the value. It is one connection: whoever holds it, and asks the world for something, waits
    /// in vain; and a request that is aborted takes it along.
    ///
    /// # Errors
    /// What the database reports.
    #[cfg(feature = "sqlite")]
    pub async fn in_memory() -> Result<World, Error> {
        Self::at(":memory:", 1, Auditor::new()).await
    }

    /// The database of a URL, empty so far, with so many connections, and who listens to them. `:memory:` has one connection only.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn at(url: &str, size: usize, auditor: Auditor) -> Result<World, Error> {
        let statements = Arc::default();
        let listener = Listener {
            auditor,
            statements,
        };
        let world = World {
            pool: AnyPool::connect_with(url, size, Some(&listener))?,
            listener,
            next: AtomicI32::new(FIRST_KEY),
        };
        let mut conn = world.pool.connection().await?;
        let tables = Migrations::<i32, i32>::new().up(conn.database());
        conn.batch_execute(&tables).await?;
        drop(conn);
        Ok(world)
    }

    /// The pool.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// A connection of the pool.
    ///
    /// # Errors
    /// As [`Pool::connection`].
    pub async fn connection(&self) -> Result<crate::AnyConnection, Error> {
        self.pool.connection().await
    }

    /// The state of a service on this database.
    #[cfg(feature = "__web")]
    pub fn tenancy(&self) -> crate::web::Tenancy {
        crate::web::Tenancy::new(self.pool.clone())
    }

    /// Runs statements of the test's own, without a scope.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn sql(&self, statements: &str) -> Result<(), Error> {
        let mut conn = self.connection().await?;
        conn.batch_execute(&format!("{UNSCOPED} {statements}"))
            .await
    }

    /// A new organization with this slug; returns its key.
    ///
    /// # Errors
    /// What the database reports: a slug is taken once.
    pub async fn organization(&self, slug: &str) -> Result<i32, Error> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let organization = NewOrganization {
            id,
            name: slug.to_owned(),
            slug: slug.to_owned(),
            is_active: true,
        };
        add_organization(organization, &mut self.connection().await?).await?;
        Ok(id)
    }

    /// A new user with this name and these roles; returns the key.
    ///
    /// # Errors
    /// What the database reports: a name is taken once.
    pub async fn user(&self, username: &str, roles: &[(i32, Role)]) -> Result<i32, Error> {
        self.add(username, false, roles).await
    }

    /// A new superuser; returns the key.
    ///
    /// # Errors
    /// As [`user`](Self::user).
    pub async fn superuser(&self, username: &str) -> Result<i32, Error> {
        self.add(username, true, &[]).await
    }

    async fn add(
        &self,
        username: &str,
        is_superuser: bool,
        roles: &[(i32, Role)],
    ) -> Result<i32, Error> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let user = NewUser {
            id,
            username: username.to_owned(),
            is_active: true,
            is_superuser,
        };
        let mut conn = self.connection().await?;
        add_user(user, &mut conn).await?;
        for (organization, role) in roles {
            add_membership(id, *organization, *role, &mut conn).await?;
        }
        Ok(id)
    }

    /// A new bearer token of a user, as the value of `Authorization`.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn log_in(&self, user: i32) -> Result<String, Error> {
        let mut conn = self.connection().await?;
        let token = issue_token::<i32, _, _>(user, TokenOptions::default(), &mut conn).await?;
        Ok(format!("Bearer {}", token.reveal()))
    }

    /// A user as a caller, of whom everything is known.
    ///
    /// # Errors
    /// [`Denied::NotFound`](crate::Denied::NotFound) where nobody active has the key.
    pub async fn caller(&self, user: i32) -> Result<Principal, Error> {
        let mut conn = self.connection().await?;
        let found: Option<Principal> = principal(user, Facts::ALL, &mut conn).await?;
        found.ok_or(Denied::NotFound.into())
    }

    /// The statements since this was asked before, without the values that were bound.
    pub fn statements(&self) -> Vec<String> {
        let heard = self.listener.statements.lock();
        std::mem::take(&mut *heard.unwrap_or_else(PoisonError::into_inner))
    }

    /// What touched a table without its scope.
    pub fn findings(&self) -> Vec<Finding> {
        self.listener.auditor.findings()
    }

    /// Panics if a statement touched a table without its scope.
    ///
    /// # Panics
    /// With the tables and the statements.
    // What an assertion does.
    #[allow(clippy::panic)]
    #[track_caller]
    pub fn assert_scoped(&self) {
        let findings = self.findings();
        assert!(
            findings.is_empty(),
            "statements without a scope: {findings:#?}"
        );
    }
}
