// Columns in an embedded struct, the organization's among them.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable)]
#[diesel(table_name = devices)]
struct Details {
    name: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    #[diesel(embed)]
    details: Details,
}

fn main() {}
