// A primary key of two columns.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    ports (device, number) { device -> Integer, number -> Integer, organization_id -> Integer }
}

#[derive(Queryable, Selectable, Identifiable, OrgScoped)]
#[diesel(table_name = ports, primary_key(device, number))]
struct Port {
    device: i32,
    number: i32,
    organization_id: i32,
}

fn port(caller: &Principal, conn: &mut SqliteConnection) -> Result<Port, Error> {
    Scope::<Port>::new::<policy::Member>(caller).get((1, 8), conn)
}

fn main() {}
