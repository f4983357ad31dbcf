// The first segment is nearly a relation of the model.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { builds (id) { id -> Integer, category_id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
struct Category {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(mirrors = "categroy.organization")]
struct Build {
    id: i32,
    category_id: i32,
    organization_id: i32,
}

fn main() {}
