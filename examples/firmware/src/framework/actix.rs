//! Answers and the server with actix-web.

use std::io;
use std::net::TcpListener;

use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer};
use orgscope::prelude::Tenancy;

pub use actix_web::web::Json;
pub use orgscope::actix::{Router, login};

/// 201 with the new row.
pub type Created<T> = (Json<T>, StatusCode);

/// 204.
pub type NoContent = HttpResponse;

/// Answers with a new row.
pub fn created<T>(row: T) -> Created<T> {
    (Json(row), StatusCode::CREATED)
}

/// Answers without a body.
pub fn no_content() -> NoContent {
    HttpResponse::NoContent().finish()
}

/// Serves the API until Ctrl-C.
pub async fn serve(listener: TcpListener, tenancy: Tenancy) -> io::Result<()> {
    let routes = crate::api::router().into_actix(tenancy);
    let server = HttpServer::new(move || App::new().configure(&routes));
    server.listen(listener)?.run().await
}
