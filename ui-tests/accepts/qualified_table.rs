// A table in a schema of the database, whose module is somewhere else.
use diesel::prelude::*;
use orgscope::prelude::*;

mod schema {
    diesel::table! { inventory.devices (id) { id -> Integer, organization_id -> Integer } }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = crate::qualified_table::schema::devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

fn devices(caller: &Principal, conn: &mut SqliteConnection) -> Result<Vec<Device>, Error> {
    Scope::<Device>::new::<policy::Member>(caller).load(conn)
}

fn main() {}
