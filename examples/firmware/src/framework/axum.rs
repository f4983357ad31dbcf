//! The server with axum.

use std::io;
use std::net::TcpListener;

use orgscope::prelude::Tenancy;
use utoipa_swagger_ui::SwaggerUi;

use crate::api;

pub use axum::Json;
pub use orgscope::axum::{Router, login};

/// Serves the API, and its documentation at `/docs`, until Ctrl-C.
pub async fn serve(listener: TcpListener, tenancy: Tenancy) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let router = api::router();
    let docs = router.openapi(api::info(), &tenancy);
    let docs = SwaggerUi::new("/docs").url("/openapi.json", docs);
    let app = router.into_axum().merge(docs).with_state(tenancy);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await
}
