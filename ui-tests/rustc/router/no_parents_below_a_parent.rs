// A router below a parent none of whose handlers checks it.
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
async fn list(_devices: Scoped<Device>) {}

fn router() -> Router<Tenancy> {
    Router::new().under("/sites/{site_id}", Router::new().get("/devices", list))
}

fn main() {}
