// A type for the database that the field's own type does not turn into.
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

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    #[diesel(serialize_as = String)]
    name: Label,
    organization_id: i32,
}

#[derive(serde::Deserialize)]
struct Label(String);

fn main() {}
