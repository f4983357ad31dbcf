// Mistakes in different parts of one filter: all of them are reported at once. (8 mistakes)
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

#[derive(OrgFilter)]
#[org_filter(modle = Device, fields(name(contians, exact, exact), name), order, serach = [name])]
struct DeviceFilter {
    name: String,
}

fn main() {}
