// One struct as both, a row to insert and changes.
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

#[derive(OrgInput, OrgChangeset)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
#[org_changeset(model = Device)]
struct DeviceFields {
    name: Option<String>,
}

fn main() {}
