// A field whose type cannot be read from a body.
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

#[derive(Debug, diesel::expression::AsExpression)]
#[diesel(sql_type = diesel::sql_types::Text)]
struct Label(&'static str);

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    name: Label,
    organization_id: i32,
}

fn main() {}
