// A model whose organizations have other keys than those of the service.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> BigInt } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i64,
}

#[axum::debug_handler(state = Tenancy)]
#[protected(member)]
async fn list(_devices: Scoped<Device>) {}

fn main() {}
