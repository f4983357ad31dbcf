// Nested changes, where a new row has to be.
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
#[diesel(table_name = builds)]
#[org_input(model = Build)]
struct NewBuild {
    version: String,
    #[org_input(nested = category_id)]
    category: CategoryChanges,
}

#[derive(OrgChangeset)]
#[diesel(table_name = categories)]
#[org_changeset(model = Category)]
struct CategoryChanges {
    name: Option<String>,
}

fn add(
    builds: Scoped<Build>,
    build: NewBuild,
    conn: &mut SqliteConnection,
) -> Result<Build, Error> {
    builds.insert(build).get_result(conn)
}

fn main() {}
