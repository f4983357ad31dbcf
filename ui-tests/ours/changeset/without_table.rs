// Changes that do not name their table.
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
#[org_changeset(model = Device)]
struct DeviceChanges {
    name: Option<String>,
}

fn main() {}
