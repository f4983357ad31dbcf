//! The server with actix-web.

use std::io;
use std::net::TcpListener;

use actix_web::{App, HttpServer};
use orgscope::prelude::Tenancy;
use utoipa_swagger_ui::SwaggerUi;

use crate::api;

pub use actix_web::web::Json;
pub use orgscope::actix::{Router, login};

/// Serves the API, and its documentation at `/docs`, until Ctrl-C.
pub async fn serve(listener: TcpListener, tenancy: Tenancy) -> io::Result<()> {
    let router = api::router();
    let docs = router.openapi(api::info(), &tenancy);
    let routes = router.into_actix(tenancy);
    let server = HttpServer::new(move || {
        let docs = SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", docs.clone());
        App::new().service(docs).configure(&routes)
    });
    server.listen(listener)?.run().await
}
