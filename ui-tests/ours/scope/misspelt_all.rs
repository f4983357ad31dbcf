// A scope that is nearly `all`, with its reason.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[protected(root, scope = al, reason = "the auditors read everything")]
async fn list(_devices: Scoped<Device>) {}

fn main() {}
