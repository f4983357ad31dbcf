// A model that borrows its primary key.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (serial) { serial -> Text, organization_id -> Integer } }

#[derive(Insertable, OrgScoped)]
#[diesel(table_name = devices, primary_key(serial))]
struct NewDevice<'a> {
    serial: &'a str,
    organization_id: i32,
}

fn main() {}
