// A reason without `global`.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(reason = "devices belong to nobody")]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

fn main() {}
