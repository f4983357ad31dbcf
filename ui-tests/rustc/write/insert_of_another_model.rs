// A row of another model.
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

#[derive(OrgInput)]
#[diesel(table_name = categories)]
#[org_input(model = Category)]
struct NewCategory {
    name: String,
    organization_id: i32,
}

fn add(
    builds: Scoped<Build>,
    new: NewCategory,
    conn: &mut SqliteConnection,
) -> Result<Build, Error> {
    builds.insert(new).get_result(conn)
}

fn main() {}
