//! Arguments of handlers, answers and the router for actix-web 4.
//!
//! The same handlers, rules and problem documents as with [axum](crate::axum). What differs is what the frameworks differ in: handlers answer
//! with actix's [`Responder`](actix_web::Responder)s and may take any of its extractors beside those of orgscope, and the router
//! becomes a configuration of an `App`:
//!
//! ```no_run
//! use actix_web::{App, HttpServer};
//! use orgscope::actix::Router;
//! use orgscope::prelude::*;
//!
//! #[protected(authenticated)]
//! async fn hello(caller: Principal) -> String { format!("hello, user {}", caller.user_id()) }
//!
//! # async fn serve(pool: orgscope::AnyPool) -> std::io::Result<()> {
//! let routes = Router::new().get("/hello", hello).into_actix(Tenancy::new(pool));
//! HttpServer::new(move || App::new().configure(&routes)).bind("127.0.0.1:8080")?.run().await
//! # }
//! ```
//!
//! What is other with actix:
//!
//! * The router makes the span of each request itself; its fields are those of `orgscope::axum::request_span`.
//! * Bodies may have 256 KiB: `App::app_data(web::PayloadConfig::new(bytes))` says otherwise. Limits of actix's own extractors do not count.
//! * Routes are found by the decoded path: `/%69tems` is `/items`. Whatever refuses paths before has to know that. A path with an escape that is
//!   none (`/labels/100%`) names no row. What takes the rest of a path is written `{rest}*`, and not `{*rest}`.
//! * actix has a runtime for each of its threads. Connections of [`AnyPool`](crate::AnyPool) to SQLite run wherever they are used; those to servers
//!   belong to the thread that made them. Other pools of SQLite connections need a `SpawnBlocking` that does not wait when it is dropped:
//!   diesel-async's own panics on such threads.
//! * An [`Authenticator`](crate::authenticate::Authenticator) sees the head of the request, and not what middleware has left in actix's extensions.
//! * Sessions are those of actix-session, whose middleware stores them with the answer, on the server: see
//!   `orgscope::authenticate::session::KeepsLogin`.

mod answer;
mod argument;
#[cfg(feature = "browsable")]
mod browse;
mod call;
mod handles;
#[cfg(feature = "password")]
pub mod login;
mod resources;
mod router;

pub use argument::Argument;
pub use handles::Handles;
pub use router::Router;

pub use crate::web::{
    ApiError, Checked, Created, Endpoint, Filtered, FromBody, FromHead, Guarded, HasTenancy,
    IncludeShared, IsParent, NoContent, Object, Parent, Parents, PathKey, Public, Rule, SameParent,
    Sent, Tenancy, UnscopedSql, WhichParents, WithoutShared, public,
};
