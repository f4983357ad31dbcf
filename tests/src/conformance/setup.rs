//! What a replay runs on.

use orgscope::dialect::Database;
use tower_sessions::{MemoryStore, SessionManagerLayer};

use super::Identity;
use crate::world::Tenancy;
use crate::world::routes::Both;
use orgscope_suite::databases::Fresh;
use orgscope_suite::http::Http;

/// The database, where its users are, and what serves it.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    pub database: Database,
    pub identity: Identity,
    pub framework: Framework,
}

impl Setup {
    /// A service over the database. One of actix has connections of its own: they end with its threads.
    pub(super) fn tenancy(self, fresh: &Fresh) -> Tenancy {
        self.identity.tenancy(match self.framework {
            Framework::Axum => fresh.pool.clone(),
            Framework::Actix => fresh.another_pool(),
        })
    }
}

/// What serves the endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    Axum,
    Actix,
}

impl Framework {
    /// Serves the routes, with sessions.
    pub(super) async fn serve(self, routes: Both, tenancy: Tenancy) -> Http {
        match self {
            Framework::Axum => {
                let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
                let routes = routes.axum.into_axum().layer(sessions);
                Http::serve(routes.with_state(tenancy)).await
            }
            Framework::Actix => Http::serve_actix(routes.actix.into_actix(tenancy)),
        }
    }
}
