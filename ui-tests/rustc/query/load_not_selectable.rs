// The rows of a model that cannot be selected.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

fn devices(caller: &Principal, conn: &mut SqliteConnection) -> Result<Vec<Device>, Error> {
    Scope::<Device>::new::<policy::Member>(caller).load(conn)
}

fn main() {}
