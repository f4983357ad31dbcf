// A handler's own org path whose organization has keys of another type than the model's.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { builds (id) { id -> Integer, version -> Text, category_id -> Integer, organization_id -> BigInt } }

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
    organization_id: i64,
}

#[protected(member, org_field = "organization")]
async fn list(_builds: Scoped<Build>) {}

fn main() {}
