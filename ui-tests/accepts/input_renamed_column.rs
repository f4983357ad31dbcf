// Columns under other names than the fields, and fields under other names than in bodies.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    devices (id) { id -> Integer, title -> Text, r#type -> Nullable<Text>, org -> Integer }
}
diesel::table! { ports (id) { id -> Integer, device -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    #[diesel(column_name = org)]
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = ports, belongs_to(Device, foreign_key = device))]
#[org_scoped(org_field = "device.organization")]
struct Port {
    id: i32,
    device: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    #[diesel(column_name = title)]
    #[org_input(rename = "label")]
    name: String,
    #[diesel(column_name = r#type)]
    kind: Option<String>,
    #[diesel(column_name = org)]
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device)]
struct DeviceChanges {
    #[diesel(column_name = title)]
    name: Option<String>,
    #[diesel(column_name = r#type)]
    #[org_changeset(rename = "category")]
    kind: Option<Option<String>>,
}

#[derive(OrgInput)]
#[diesel(table_name = ports)]
#[org_input(model = Port, include_shared = device)]
struct NewPort {
    #[diesel(column_name = device)]
    #[org_input(rename = "plugged_into")]
    device_id: i32,
}

fn main() {}
