// Changes with the attribute of rows to insert. (2 mistakes)
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

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct DeviceChanges {
    name: Option<String>,
}

fn main() {}
