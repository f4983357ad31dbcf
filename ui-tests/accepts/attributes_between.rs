// `#[protected]` between other attributes, macros and the compiler's own.
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

/// Lists the devices.
#[allow(clippy::unused_async)]
#[utoipa::path(get, path = "/devices", responses((status = 200, description = "nothing")))]
#[protected(member)]
#[axum::debug_handler(state = Tenancy)]
#[tracing::instrument]
#[cfg(not(any()))]
#[inline]
async fn list(_devices: Scoped<Device>) {}

fn router() -> Router<Tenancy> {
    Router::new().get("/devices", list)
}

fn main() {}
