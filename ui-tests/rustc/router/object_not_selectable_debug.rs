// An object whose model cannot be selected: what axum's `debug_handler` says.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[axum::debug_handler(state = Tenancy)]
#[protected(member)]
async fn show(_device: Object<Device>) {}

fn main() {}
