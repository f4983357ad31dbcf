// A relation with everything said: its name, its model, its foreign key, and the column that it refers to.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, code -> Text, organization_id -> Integer } }
diesel::table! { builds (id) { id -> Integer, category_code -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
struct Category {
    id: i32,
    code: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds)]
#[org_scoped(
    org_field = "category.organization",
    relation(name = category, model = self::Category, column = category_code, key = categories::code),
)]
struct Build {
    id: i32,
    category_code: String,
}

#[protected(member)]
async fn list(_builds: Scoped<Build>) {}

fn main() {}
