// Mistakes in different parts of one model: all of them are reported at once. (3 mistakes)
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { builds (id) { id -> Integer, version -> Text, category_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
#[org_scoped(shared = read)]
struct Category {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "categroy.organization", shared = read, reason = "see the wiki")]
#[org_scoped(relation(model = Category))]
struct Build {
    id: i32,
    version: String,
    category_id: i32,
}

fn main() {}
