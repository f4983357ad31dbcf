// Mistakes in several relations of one model: all of them are reported at once. (4 mistakes)
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = tags)]
struct Tag {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(
    many(name = tags),
    many(nme = labels, model = Tag, through = device_tags(device_id)),
    dependents(table = device_tags, colum = device_id)
)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

fn main() {}
