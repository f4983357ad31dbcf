// A nested input in changes: it would be a new row.
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
#[diesel(table_name = devices)]
#[org_changeset(model = Device)]
struct DeviceChanges {
    #[org_changeset(nested = site_id)]
    site: NewSite,
}

struct NewSite {
    id: i32,
}

fn main() {}
