//! The documentation of an API as [OpenAPI](https://spec.openapis.org/oas/v3.1.0) 3.1, made of what the service runs: routes and rules, the
//! types of arguments, filters, inputs and answers. Nothing is said twice.
//!
//! | of | comes |
//! | --- | --- |
//! | `#[protected(…)]` | who may call it, which credentials are accepted, 401, 403, 429 and 503 |
//! | the route | parameters of the path; 404 |
//! | `Object`, `Parent` | the types of these parameters |
//! | `Filtered`, `Paging`, `Cursor` | parameters of the query string; 400 |
//! | `Input` | the body, as JSON and as a form (what is nested, as JSON); 400, 409, 413, 415 |
//! | `Json<T>`, `Query<T>` | body and query string of a `T` with `ToSchema`, or `IntoParams`, and what the framework answers to others |
//! | sessions among the credentials | the header `X-CSRF-Token` for what changes something |
//! | what the handler returns, the error of a `Result` included | the answer: `Json<T>`, `Page<T>` and others, for a `T` with `#[derive(utoipa::ToSchema)]` |
//! | its doc comment | summary and description |
//!
//! An argument or answer of a service's own is documented by an `impl` of [`Argument`] or [`Answer`]; a public handler by
//! [`Public::documented`](crate::web::Public::documented).
//!
#![cfg_attr(
    feature = "axum",
    doc = r#"
```
use axum::Json;
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;
use utoipa::openapi::Info;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize, utoipa::ToSchema)]
#[diesel(table_name = devices)]
struct Device { id: i32, name: String, organization_id: i32 }

/// One device.
#[protected(member)]
async fn get_device(device: Object<Device>) -> Json<Device> { Json(device.into_inner()) }

# #[cfg(feature = "sqlite")]
# fn main() -> Result<(), Box<dyn std::error::Error>> {
let tenancy = Tenancy::new(orgscope::AnyPool::connect(":memory:", 1)?);
let router = Router::new().get("/devices/{id}", get_device);
let api = router.openapi(Info::new("Devices", "1.0"), &tenancy);
let text = api.to_pretty_json()?;
assert!(text.contains("One device."));
assert!(text.contains("Policy: `member`."));
# Ok(())
# }
# #[cfg(not(feature = "sqlite"))]
# fn main() {}
```

The document says who may do what, and what the comments of handlers say. To show it to some only, it is kept in the state and answered by a
handler with a policy:

```
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use orgscope::AnyPool;
use orgscope::axum::{HasTenancy, Router};
use orgscope::prelude::*;
use utoipa::openapi::{Info, OpenApi};

#[derive(Clone)]
struct Service { tenancy: Tenancy, api: Arc<OpenApi> }

impl HasTenancy for Service {
    type Pool = AnyPool;
    type OrgKey = i32;

    fn tenancy(&self) -> &Tenancy { &self.tenancy }
}

#[protected(root)]
async fn document(State(service): State<Service>) -> Json<OpenApi> { Json((*service.api).clone()) }

fn router() -> Router<Service> { Router::new().get("/openapi.json", document) }

fn app(tenancy: Tenancy) -> axum::Router {
    let mut service = Service { tenancy, api: Arc::default() };
    service.api = Arc::new(router().openapi(Info::new("Builds", "1.0"), &service));
    router().into_axum().with_state(service)
}
```
"#
)]

mod answers;
mod arguments;
mod credentials;
mod document;
pub(crate) mod field;
pub(crate) mod input;
pub(crate) mod kinds;
mod operation;
mod path;
mod problems;

pub use answers::Answer;
pub use arguments::Argument;
#[cfg(feature = "__session")]
pub(crate) use credentials::cookie;
pub(crate) use credentials::{bearer, header};
pub(crate) use document::document;
pub use operation::Operation;
