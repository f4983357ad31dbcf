// Several mistakes in the keys of one model: all of them are reported at once. (4 mistakes)
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
#[org_scoped(org_feild = "category.organization", shared = write, global = yes, tenant = 1)]
struct Category {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

fn main() {}
