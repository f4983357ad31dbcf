//! Where the users of a replay are: in the bundled tables, or in those of Django.

use std::sync::atomic::{AtomicU64, Ordering};

use orgscope::identity::cache::MemoryCache;
use orgscope::identity::{Bundled, Migrations, Stored, TokenOptions, issue_token};
use orgscope::prelude::*;
use orgscope::{AnyConnection, AnyPool};

use crate::world::django::{self, Django};
use crate::world::{Key, Tenancy, quoted};
use orgscope_suite::databases::{Fresh, unscoped};

/// Where the service of a replay finds users, organizations and what they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// In the bundled tables.
    Bundled,
    /// In the bundled tables, with what they have kept in a cache.
    Cached,
    /// In tables as Django lays them out. What happens in a case happens in the bundled ones, and is brought over.
    Django,
}

impl Identity {
    /// Makes its tables beside the bundled ones.
    pub(super) async fn make(self, fresh: &Fresh) {
        match self {
            Identity::Bundled => {}
            Identity::Cached => {
                let migrations = Migrations::<Key, Key>::new().with_epochs();
                fresh.batch(&migrations.up(fresh.database)).await;
            }
            Identity::Django => fresh.batch(&django::schema(fresh.database)).await,
        }
    }

    /// A service whose callers are there.
    pub(super) fn tenancy(self, pool: AnyPool) -> Tenancy {
        match self {
            Identity::Bundled => Tenancy::bundled::<Key>(pool),
            Identity::Cached => {
                let callers = Stored::<_, Bundled<Key, Key>>::new(pool.clone());
                let callers = callers.cached_in(MemoryCache::new(1 << 20));
                Tenancy::with_identity(pool, callers)
            }
            Identity::Django => Tenancy::stored_in::<Django>(pool),
        }
    }

    /// Brings over what has happened.
    pub(super) async fn settle(self, conn: &mut AnyConnection) -> Result<(), Error> {
        match self {
            Identity::Bundled | Identity::Cached => Ok(()),
            Identity::Django => {
                conn.batch_execute(&unscoped(&django::mirror(conn.database())))
                    .await
            }
        }
    }

    /// A token of a user: one of Django's was stored as it is, and is taken over by the migration.
    pub(super) async fn token(
        self,
        user: Key,
        options: TokenOptions,
        conn: &mut AnyConnection,
    ) -> Result<String, Error> {
        if self != Identity::Django {
            let token = issue_token(user, options, conn).await?;
            return Ok(token.reveal().to_owned());
        }
        static ISSUED: AtomicU64 = AtomicU64::new(1);
        let token = format!("abcdef{:034x}", ISSUED.fetch_add(1, Ordering::Relaxed));
        let plain = format!(
            "INSERT INTO authtoken_token VALUES ('{token}', {})",
            quoted(user)
        );
        conn.batch_execute(&unscoped(&plain)).await?;
        django::import_tokens(conn).await?;
        Ok(token)
    }
}
