//! The schema of the bundled tables, as a Diesel migration.

mod epochs;
mod tables;

use std::marker::PhantomData;

use diesel::connection::BoxableConnection;
use diesel::migration::{
    Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion, Result,
};

use super::layout::{Bundled, Layout, Tables};
use crate::dialect::{Database, Dialect};
use crate::key::Key;

/// The migrations of the bundled tables, for user keys `U` and organization keys `K`.
///
/// It is a [`MigrationSource`]: `conn.run_pending_migrations(Migrations::<i32, i32>::new())` of `diesel_migrations` runs it
/// and keeps the books. [`Migrations::up`] is the same SQL as text; it may be run again.
#[derive(Clone, Copy, Debug)]
pub struct Migrations<U = i32, K = i32> {
    layout: &'static Layout,
    /// Epochs are counted.
    epochs: bool,
    keys: PhantomData<fn() -> (U, K)>,
}

impl<U: Key, K: Key> Migrations<U, K> {
    /// The migrations of all bundled tables.
    pub const fn new() -> Self {
        Self::beside::<Bundled<U, K>>()
    }

    /// The migrations of those tables that a service does not have itself: always those of tokens and login links, and what its
    /// [mapping](super::Mapping) does not name.
    pub const fn beside<T: Tables<User = U, Organization = K>>() -> Self {
        Migrations {
            layout: Layout::of::<T>(),
            epochs: false,
            keys: PhantomData,
        }
    }

    /// The SQL that makes the tables where they are missing.
    pub fn up(&self, database: Database) -> String {
        let tables = self.identity(database) + &self.permissions(database);
        match self.epochs {
            true => tables + &self.epochs(database),
            false => tables,
        }
    }

    /// The same migrations, and one more: whatever changes what a user has (memberships, groups, permissions, enabled organizations)
    /// gives the user, or everybody, another epoch, in the same transaction, whoever writes it. The module `cache` depends on it. The
    /// triggers are for bundled tables.
    ///
    /// A transaction that changes what a user has holds that user's epoch until it ends, and one that changes an organization or a group the
    /// epoch of all. Whoever writes to the tables needs the right to write to `facts_epochs` and `facts_epoch_of_all`; MySQL needs
    /// `log_bin_trust_function_creators` (or a privileged user) to make triggers. Connections read what is committed, and nothing else: with
    /// `READ UNCOMMITTED`, what is rolled back could be kept.
    ///
    /// What runs no triggers is seen by no cache: `TRUNCATE` on MySQL, tables that are swapped, renamed, rebuilt or loaded without them,
    /// `session_replication_role = replica`, SQLite's `REPLACE` by rowid. Whoever does that runs [`up`](Self::up) again: it makes triggers that are
    /// missing, and nothing that was kept before is believed any more.
    pub fn with_epochs(self) -> Self {
        let epochs = true;
        Migrations { epochs, ..self }
    }
}

impl<U: Key, K: Key> Default for Migrations<U, K> {
    fn default() -> Self {
        Migrations::new()
    }
}

impl<U: Key, K: Key, DB: Dialect> MigrationSource<DB> for Migrations<U, K> {
    fn migrations(&self) -> Result<Vec<Box<dyn Migration<DB>>>> {
        let mut steps: Vec<Box<dyn Migration<DB>>> = vec![
            Box::new(Step {
                name: Name("00000000000001", "identity"),
                up: self.identity(DB::DATABASE),
                down: self.down(&[
                    "login_links",
                    "tokens",
                    "memberships",
                    "organizations",
                    "users",
                ]),
            }),
            Box::new(Step {
                name: Name("00000000000002", "permissions"),
                up: self.permissions(DB::DATABASE),
                down: self.down(&[
                    "subscriptions",
                    "group_permissions",
                    "user_permissions",
                    "group_members",
                    "access_groups",
                ]),
            }),
        ];
        if self.epochs {
            steps.push(Box::new(Step {
                name: Name("00000000000003", "epochs"),
                up: self.epochs(DB::DATABASE),
                down: self.no_epochs(DB::DATABASE),
            }));
        }
        Ok(steps)
    }
}

struct Step {
    name: Name,
    up: String,
    down: String,
}

/// The version, and what it brings.
struct Name(&'static str, &'static str);

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_orgscope_{}", self.0, self.1)
    }
}

impl MigrationName for Name {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(self.0)
    }
}

impl MigrationMetadata for Step {}

impl<DB: Dialect> Migration<DB> for Step {
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> Result<()> {
        Ok(conn.batch_execute(&self.up)?)
    }

    fn revert(&self, conn: &mut dyn BoxableConnection<DB>) -> Result<()> {
        Ok(conn.batch_execute(&self.down)?)
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        self
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}
