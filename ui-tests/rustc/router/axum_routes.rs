// A whole method router of axum's, whose handlers were not asked.
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
    Router::new().get("/devices", axum::routing::get(list))
}

fn main() {}
