// The keys of a relation with many rows in a type that is no key.
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
#[org_scoped(many(name = tags, model = Tag, through = device_tags(device_id, tag_id)))]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    name: String,
    organization_id: i32,
    #[org_input(many)]
    tags: Vec<u8>,
}

fn main() {}
