// An insert into a model whose struct does not hold its primary key.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    name: String,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
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
