// A mistake in a model is not told again of its inputs and filters. (5 mistakes)
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
#[org_scoped(org_feild = "category.organization")]
struct Build {
    id: i32,
    version: String,
    category_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = builds)]
#[org_input(model = Build, include_shared = [category])]
struct NewBuild {
    category_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = builds)]
#[org_filter(model = Build, fields(category, category__organization))]
struct BuildFilter;

fn main() {}
