// A model that cannot be loaded, and so not be tested.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

fn tested(conn: &mut SqliteConnection) {
    orgscope::testing::equivalence!(Device, conn);
}

fn main() {}
