// Changes of what rows are joined with, in a model whose struct does not hold its primary key.
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
    name: String,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device)]
struct DeviceChanges {
    #[org_changeset(many)]
    tags: Option<Vec<i32>>,
}

fn change(
    devices: Scoped<Device>,
    changes: DeviceChanges,
    conn: &mut SqliteConnection,
) -> Result<Device, Error> {
    devices.find(1).update(changes).get_result(conn)
}

fn main() {}
