// The attribute without its keys. (2 mistakes)
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
#[diesel(table_name = devices)]
#[org_input]
struct NewDevice {
    name: String,
}

fn main() {}
