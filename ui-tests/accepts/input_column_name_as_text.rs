// The name of a column as a text, as Diesel takes it.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, title -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    #[diesel(column_name = "title")]
    name: String,
    organization_id: i32,
}

#[derive(Insertable, OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    #[diesel(column_name = "title")]
    name: String,
    organization_id: i32,
}

fn main() {}
