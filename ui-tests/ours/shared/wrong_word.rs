// A word that `shared` does not know.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
#[org_scoped(shared = write)]
struct Category {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

fn main() {}
