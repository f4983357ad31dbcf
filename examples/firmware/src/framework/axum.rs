//! The server with axum.

use std::io;
use std::net::TcpListener;

use orgscope::authenticate::Sessions;
use orgscope::prelude::Tenancy;
use tower_sessions::{MemoryStore, SessionManagerLayer};
use utoipa_swagger_ui::SwaggerUi;

use crate::api;

pub use axum::Json;
pub use orgscope::axum::{Router, login};

/// Serves the API, its pages for browsers, and its documentation at `/docs`, until Ctrl-C.
pub async fn serve(listener: TcpListener, tenancy: Tenancy) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // Programs come with tokens, which is what the documentation is about; browsers have sessions.
    let docs = api::router().openapi(api::info(), &tenancy);
    let tenancy = tenancy.authenticator(Sessions);
    let router = api::router().merge(login::session_routes());
    let docs = SwaggerUi::new("/docs").url("/openapi.json", docs);
    // The demo is served without TLS: anywhere else the cookie stays a secure one.
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
    let app = router
        .into_browsable(super::pages(), tenancy)
        .merge(docs)
        .layer(sessions);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await
}
