// The table, which is Diesel's to name, as a key of the input's own attribute. (2 mistakes)
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

#[derive(OrgInput)]
#[org_input(model = Device, table_name = devices)]
struct NewDevice {
    name: String,
}

fn main() {}
