// Dependents whose table does not have the column.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { ports (id) { id -> Integer, device_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(dependents(table = ports, column = divice_id))]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

fn main() {}
