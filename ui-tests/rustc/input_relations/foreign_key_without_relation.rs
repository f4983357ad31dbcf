// A column that looks like a foreign key, of which the model says nothing.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, site_id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    site_id: i32,
    organization_id: i32,
}

fn main() {}
