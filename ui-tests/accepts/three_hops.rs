// An organization three foreign keys away.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { categories (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { builds (id) { id -> Integer, category_id -> Integer } }
diesel::table! { images (id) { id -> Integer, build_id -> Integer } }
diesel::table! { upgrades (id) { id -> Integer, image_id -> Integer } }

#[derive(Queryable, Selectable, Identifiable, OrgScoped)]
#[diesel(table_name = categories)]
#[org_scoped(shared = read)]
struct Category {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization")]
struct Build {
    id: i32,
    category_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped)]
#[diesel(table_name = images, belongs_to(Build))]
#[org_scoped(org_field = "build.category.organization")]
struct Image {
    id: i32,
    build_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped)]
#[diesel(table_name = upgrades, belongs_to(Image))]
#[org_scoped(org_field = "image.build.category.organization")]
struct Upgrade {
    id: i32,
    image_id: i32,
}

#[protected(manager)]
async fn list(_upgrades: Scoped<Upgrade>) {}

fn main() {}
