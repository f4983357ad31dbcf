// The choices of a relation as rows of another model than the relation's.
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
    category_id: i32,
}

fn offer(builds: &Scoped<Build>) -> Result<Scoped<Build>, Denied> {
    <NewBuild as orgscope::write::Writes>::choices::<Build, _>(builds, |build| build.category())
}

fn main() {}
