// A nullable organization, and nothing that says what NULL means.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
struct Category {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

fn main() {}
