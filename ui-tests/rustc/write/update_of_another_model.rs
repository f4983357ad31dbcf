// Changes of another model.
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

#[derive(OrgChangeset)]
#[diesel(table_name = categories)]
#[org_changeset(model = Category)]
struct CategoryChanges {
    name: Option<String>,
}

fn change(
    builds: Scoped<Build>,
    changes: CategoryChanges,
    conn: &mut SqliteConnection,
) -> Result<Build, Error> {
    builds.find(1).update(changes).get_result(conn)
}

fn main() {}
