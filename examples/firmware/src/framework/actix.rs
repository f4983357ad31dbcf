//! The server with actix-web.

use std::io;
use std::net::TcpListener;

use actix_session::SessionMiddleware;
use actix_session::storage::CookieSessionStore;
use actix_web::cookie::{Key, SameSite};
use actix_web::{App, HttpServer};
use orgscope::authenticate::Sessions;
use orgscope::prelude::Tenancy;
use utoipa_swagger_ui::SwaggerUi;

use crate::api;

pub use actix_web::web::Json;
pub use orgscope::actix::{Router, login};

/// Serves the API, its pages for browsers, and its documentation at `/docs`, until Ctrl-C.
pub async fn serve(listener: TcpListener, tenancy: Tenancy) -> io::Result<()> {
    // Programs come with tokens, which is what the documentation is about; browsers have sessions.
    let docs = api::router().openapi(api::info(), &tenancy);
    let tenancy = tenancy.authenticator(Sessions);
    let router = api::router().merge(login::session_routes());
    let routes = router.into_browsable(super::pages(), tenancy);
    let key = Key::generate();
    let server = HttpServer::new(move || {
        let docs = SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", docs.clone());
        // For a demo without TLS. A service has a store on its server, because a copied cookie outlives a logout, and a secure cookie.
        let sessions = SessionMiddleware::builder(CookieSessionStore::default(), key.clone())
            .cookie_same_site(SameSite::Strict)
            .cookie_secure(false);
        App::new()
            .wrap(sessions.build())
            .service(docs)
            .configure(&routes)
    });
    server.listen(listener)?.run().await
}
