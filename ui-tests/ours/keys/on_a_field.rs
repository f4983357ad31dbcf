// A key on the field that it is about; keys go on the struct.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
struct Category {
    id: i32,
    name: String,
    #[org_scoped(shared = read)]
    organization_id: Option<i32>,
}

fn main() {}
