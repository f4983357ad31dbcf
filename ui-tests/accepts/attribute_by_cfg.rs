// Another attribute macro that is only there under a condition.
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
#[cfg_attr(not(any()), tracing::instrument(fields(device = ?devices)))]
async fn list(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
    Ok(devices.count(&mut db).await?.to_string())
}

fn router() -> Router<Tenancy> {
    Router::new().get("/devices", list)
}

fn main() {}
