// A nullable organization behind an alias, and nothing that says what NULL means.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

type Organization = Option<i32>;

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: Organization,
}

fn main() {}
