// A join with a table that brings no scope.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { builds (id) { id -> Integer, version -> Text, category_id -> Integer } }
diesel::joinable!(builds -> categories (category_id));
diesel::allow_tables_to_appear_in_same_query!(builds, categories);

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

fn builds(caller: &Principal) {
    let builds = Scope::<Build>::new::<policy::Member>(caller);
    let _ = builds.inner_join(categories::table);
}

fn main() {}
