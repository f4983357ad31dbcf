// Relations with many rows and dependents: several of each, by paths, to the model itself, and under a keyword's name.
use diesel::prelude::*;
use orgscope::prelude::*;

mod schema {
    diesel::table! { tags (id) { id -> Integer, organization_id -> Nullable<Integer> } }
    diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
    diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }
    diesel::table! { device_types (of, r#type) { of -> Integer, r#type -> Integer } }
    diesel::table! { neighbours (id) { id -> Integer, one -> Integer, other -> Integer } }
    diesel::table! { ports (id) { id -> Integer, device_id -> Integer } }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = schema::tags)]
#[org_scoped(shared = read)]
#[org_scoped(dependents(table = schema::device_tags, column = tag_id))]
struct Tag {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = crate::many_and_dependents::schema::devices)]
#[org_scoped(
    many(name = tags, model = Tag, through = schema::device_tags(device_id, tag_id)),
    many(name = type, model = self::Tag, through = schema::device_types(of, r#type)),
    many(name = neighbours, model = Device, through = schema::neighbours(one, other)),
    dependents(table = schema::ports, column = device_id),
    dependents(table = schema::neighbours, column = one)
)]
#[org_scoped(dependents(table = schema::neighbours, column = other))]
struct Device {
    id: i32,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = schema::devices)]
#[org_input(model = Device, include_shared = [tags, r#type])]
struct NewDevice {
    organization_id: i32,
    #[org_input(many)]
    tags: Vec<i32>,
    #[org_input(many)]
    r#type: Vec<i32>,
    #[org_input(many)]
    neighbours: Vec<i32>,
}

#[derive(OrgFilter)]
#[diesel(table_name = schema::devices)]
#[org_filter(model = Device, fields(tags, r#type, neighbours, organization))]
struct DeviceFilter;

fn main() {}
