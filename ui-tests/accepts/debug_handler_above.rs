// `#[axum::debug_handler]`, which calls the handler with as many arguments as it sees, above `#[protected]`.
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

#[axum::debug_handler(state = Tenancy)]
#[protected(member)]
async fn list(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
    Ok(devices.count(&mut db).await?.to_string())
}

fn router() -> Router<Tenancy> {
    Router::new().get("/devices", list)
}

fn main() {}
