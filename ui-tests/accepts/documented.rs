// What the documentation of the API is told: types that depend on a feature, are deprecated, or are the service's own.
#![deny(deprecated, unused_imports)]
use axum::Json;
use axum::response::{IntoResponse, Response};
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[deprecated]
#[derive(serde::Serialize)]
struct OldDevice {
    id: i32,
}

struct Gone;

impl IntoResponse for Gone {
    fn into_response(self) -> Response {
        "gone".into_response()
    }
}

/** A device, in the words of long ago.
 *
 * With a star before each line.
 */
#[protected(member)]
#[allow(deprecated)]
async fn old(device: Object<Device>, #[cfg(any())] _: Nowhere) -> Result<Json<OldDevice>, Gone> {
    Ok(Json(OldDevice { id: device.id }))
}

#[doc = concat!("A ", "text")]
#[protected(member)]
async fn text(_: Object<Device>) -> impl IntoResponse + use<> {
    "text"
}

#[protected(member)]
async fn nothing() {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/devices/{id}/old", old)
        .get("/devices/{id}", text)
        .get("/nothing", nothing)
}

fn main() {}
