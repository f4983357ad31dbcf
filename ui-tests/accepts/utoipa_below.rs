// `#[utoipa::path]`, which makes items of its own, below `#[protected]`.
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

#[protected(member)]
#[utoipa::path(get, path = "/devices", responses((status = 200, description = "how many devices there are")))]
async fn list(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
    Ok(devices.count(&mut db).await?.to_string())
}

fn router() -> Router<Tenancy> {
    Router::new().get("/devices", list)
}

fn main() {}
