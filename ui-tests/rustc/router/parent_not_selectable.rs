// A parent whose model cannot be selected: what the router says.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[protected(member)]
async fn status(_device: Parent<Device>) {}

fn router() -> Router<Tenancy> {
    Router::new().under("/devices/{device_id}", Router::new().get("/status", status))
}

fn main() {}
