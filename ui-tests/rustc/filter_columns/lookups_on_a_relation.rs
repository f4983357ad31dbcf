// Lookups on a relation.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { builds (id) { id -> Integer, version -> Text, category_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
struct Category {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization")]
struct Build {
    id: i32,
    version: String,
    category_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = builds)]
#[org_filter(model = Build, fields(category(exact, in)))]
struct BuildFilter;

fn main() {}
