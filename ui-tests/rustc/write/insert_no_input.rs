// A row to insert whose struct is no input.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Insertable)]
#[diesel(table_name = devices)]
struct NewDevice {
    name: String,
    organization_id: i32,
}

fn add(
    devices: Scoped<Device>,
    new: NewDevice,
    conn: &mut SqliteConnection,
) -> Result<Device, Error> {
    devices.insert(new).get_result(conn)
}

fn main() {}
