// An object whose primary key cannot be read from a path.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (room, number) { room -> Integer, number -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices, primary_key(room, number))]
struct Device {
    room: i32,
    number: i32,
    organization_id: i32,
}

#[axum::debug_handler(state = Tenancy)]
#[protected(member)]
async fn show(_device: Object<Device>) {}

fn main() {}
