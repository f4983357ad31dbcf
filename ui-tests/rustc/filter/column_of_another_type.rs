// A parameter for a column whose type no query string can be.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    devices (id) { id -> Integer, name -> Text, seen_at -> Timestamp, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = devices)]
#[org_filter(model = Device, fields(name, seen_at(gte, lt)))]
struct DeviceFilter;

fn main() {}
