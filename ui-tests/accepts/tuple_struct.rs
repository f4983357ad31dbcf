// A model without names for its fields.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device(
    #[diesel(column_name = id)] i32,
    #[diesel(column_name = name)] String,
    #[diesel(column_name = organization_id)] i32,
);

fn device(caller: &Principal, conn: &mut SqliteConnection) -> Result<Device, Error> {
    Scope::<Device>::new::<policy::Member>(caller).get(1, conn)
}

fn main() {}
