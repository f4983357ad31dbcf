// One row of a model whose struct does not hold its primary key.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    name: String,
    organization_id: i32,
}

fn device(caller: &Principal, conn: &mut SqliteConnection) -> Result<Device, Error> {
    Scope::<Device>::new::<policy::Member>(caller).get(1, conn)
}

fn main() {}
