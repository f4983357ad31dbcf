// A handler with a parent that is not routed below one.
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

fn router() -> Router<Tenancy> {
    Router::new().get("/devices/{device_id}/status", status)
}

fn main() {}
