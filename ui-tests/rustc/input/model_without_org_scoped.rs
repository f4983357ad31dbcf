// An input of a model that does not say how it reaches its organization.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
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

fn main() {}
