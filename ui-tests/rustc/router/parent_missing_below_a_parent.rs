// A handler below a parent that does not check it.
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
async fn status(_device: Parent<Device>) {}

#[protected(member)]
async fn configs(_caller: Principal) {}

fn router() -> Router<Tenancy> {
    let children = Router::new()
        .get("/status", status)
        .get("/configs", configs);
    Router::new().under("/devices/{device_id}", children)
}

fn main() {}
