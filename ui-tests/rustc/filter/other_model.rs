// A list that is filtered by a filter of another model.
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
#[diesel(table_name = categories)]
#[org_filter(model = Category, fields(name))]
struct CategoryFilter;

#[protected(member)]
async fn list(
    builds: Scoped<Build>,
    Filtered(filters): Filtered<CategoryFilter>,
    mut db: Db,
) -> Result<String, ApiError> {
    Ok(builds.filtered(filters).count(&mut db).await?.to_string())
}

fn main() {}
