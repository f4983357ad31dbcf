// Columns under other names than the fields: the organization's is found by the field's name, the key's by the column's.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, org -> Integer } }
diesel::table! { ports (id) { id -> Integer, device -> Integer } }

#[derive(Queryable, Selectable, Identifiable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    #[diesel(column_name = org)]
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = ports, belongs_to(Device, foreign_key = device))]
#[org_scoped(org_field = "device.organization")]
struct Port {
    #[diesel(column_name = id)]
    number: i32,
    #[diesel(column_name = device)]
    device_number: i32,
}

fn port(caller: &Principal, conn: &mut SqliteConnection) -> Result<Port, Error> {
    Scope::<Port>::new::<policy::Member>(caller).get(1, conn)
}

fn main() {}
