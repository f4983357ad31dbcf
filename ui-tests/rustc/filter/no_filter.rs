// A query string that is read as a struct that is no filter.
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

struct DeviceFilter;

#[protected(member)]
async fn list(_devices: Scoped<Device>, _filters: Filtered<DeviceFilter>) {}

fn main() {}
