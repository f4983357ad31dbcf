//! Answers and the server with axum.

use std::io;
use std::net::TcpListener;

use axum::http::StatusCode;
use orgscope::prelude::Tenancy;

pub use axum::Json;
pub use orgscope::axum::{Router, login};

/// 201 with the new row.
pub type Created<T> = (StatusCode, Json<T>);

/// 204.
pub type NoContent = StatusCode;

/// Answers with a new row.
pub fn created<T>(row: T) -> Created<T> {
    (StatusCode::CREATED, Json(row))
}

/// Answers without a body.
pub fn no_content() -> NoContent {
    StatusCode::NO_CONTENT
}

/// Serves the API until Ctrl-C.
pub async fn serve(listener: TcpListener, tenancy: Tenancy) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let app = crate::api::router().into_axum().with_state(tenancy);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await
}
