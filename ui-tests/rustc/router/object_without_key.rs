// An object whose struct does not hold its primary key.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    name: String,
    organization_id: i32,
}

#[axum::debug_handler(state = Tenancy)]
#[protected(member)]
async fn show(_device: Object<Device>) {}

fn main() {}
