//! The documentation of an API as [OpenAPI](https://spec.openapis.org/oas/v3.1.0) 3.1, made of what the service runs: routes and rules, the
//! types of arguments, filters, inputs and answers. Nothing is said twice.
//!
//! | of | comes |
//! | --- | --- |
//! | `#[protected(…)]` | who may call it, which credentials are accepted, 401, 403, 429 and 503 |
//! | the route | parameters of the path; 404 |
//! | `Object`, `Parent` | the types of these parameters |
//! | `Filtered`, `Paging`, `Cursor` | parameters of the query string; 400 |
//! | `Input` | the body, as JSON and as a form; 400, 409, 413, 415 |
//! | what the handler returns | the answer: `Json<T>`, `Page<T>` and others, for a `T` with `#[derive(utoipa::ToSchema)]` |
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
"#
)]

mod answers;
mod arguments;
mod credentials;
mod document;
pub(crate) mod input;
pub(crate) mod kinds;
mod operation;
mod problems;

pub use answers::Answer;
pub use arguments::Argument;
#[cfg(feature = "sesame")]
pub(crate) use credentials::authorization;
pub(crate) use credentials::bearer;
#[cfg(feature = "__session")]
pub(crate) use credentials::cookie;
pub(crate) use document::document;
pub use operation::Operation;
