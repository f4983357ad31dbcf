// Fields in another case than Rust's, which the struct allows.
#![deny(non_snake_case)]
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, serialNumber -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[allow(non_snake_case)]
#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    serialNumber: String,
    organization_id: i32,
}

fn main() {}
