//! An auditor of statements: reports each that touches a table without its scope.
//!
//! Every scope that this library writes is marked by a comment with the name of its table, in the query block that it is the condition of. The
//! auditor listens to a connection and looks for tables without their marks: raw SQL, a query around the scope, a subquery in a filter. It is a net for tests and staging, not a wall: the statement has run, and a comment can be written by anybody. It reads text: what
//! views, functions and dynamic SQL do, and what stands in a text quoted by `$$`, it does not see.

mod block;
mod lexer;
mod marks;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

pub use marks::{Audited, UNSCOPED};
pub(crate) use marks::{identity, scope_of};

/// Listens to connections. Its clones share what they find.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::audit::Auditor;
/// use orgscope::prelude::*;
///
/// diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = devices)]
/// struct Device { id: i32, organization_id: i32 }
///
/// let mut conn = SqliteConnection::establish(":memory:")?;
/// # diesel::sql_query("CREATE TABLE devices (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL)").execute(&mut conn)?;
/// let auditor = Auditor::new().except("outbox");
/// conn.set_instrumentation(auditor.clone());
///
/// let caller = Principal::new(1, false, [(7, Role::Manager)]);
/// Scope::<Device>::new::<policy::Manager>(&caller).count(&mut conn)?;
/// assert!(auditor.findings().is_empty());
///
/// devices::table.count().get_result::<i64>(&mut conn)?;
/// assert_eq!(auditor.findings()[0].table, "devices");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In a service: [`AnyPool::connect_audited`](crate::AnyPool::connect_audited), or the hook of another pool. Each finding is logged as an error.
#[derive(Clone, Debug, Default)]
pub struct Auditor {
    except: Arc<BTreeSet<String>>,
    findings: Arc<Mutex<Vec<Finding>>>,
}

/// A statement that touched a table without its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub table: String,
    /// The statement, without the values that were bound.
    pub sql: String,
}

impl Auditor {
    /// An auditor that knows no table without tenants.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets pass what touches a table that no model declares, such as an outbox: by its name, without its schema.
    #[must_use]
    pub fn except(mut self, table: &str) -> Self {
        Arc::make_mut(&mut self.except).insert(table.to_owned());
        self
    }

    /// What was found until now, in the order in which it ran, each once.
    pub fn findings(&self) -> Vec<Finding> {
        self.found().clone()
    }

    fn found(&self) -> MutexGuard<'_, Vec<Finding>> {
        // A list is whole after every step.
        self.findings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, text: &str) {
        // Diesel adds the values in a comment.
        let sql = without_values(text);
        for table in statement::unmarked(sql, |table| !self.except.contains(table)) {
            tracing::error!(table, sql, "a statement touches a table without its scope");
            let sql = sql.to_owned();
            let (finding, mut found) = (Finding { table, sql }, self.found());
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
    }
}

impl Instrumentation for Auditor {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let mut text = String::new();
            // What cannot be written does not run.
            if write!(text, "{query}").is_ok() {
                self.hear(&text);
            }
        }
    }
}

/// The text of a statement as a connection tells it, without the values that were bound.
pub(crate) fn without_values(text: &str) -> &str {
    text.split(" -- binds: ").next().unwrap_or(text)
}
