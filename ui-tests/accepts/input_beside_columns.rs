// Columns in scope by their own names, as Diesel's `dsl` modules bring them.
use diesel::prelude::*;
use orgscope::prelude::*;

use self::devices::dsl::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = self::devices)]
#[org_input(model = Device)]
struct NewDevice {
    name: String,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = self::devices)]
#[org_changeset(model = Device)]
struct DeviceChanges {
    name: Option<String>,
}

#[derive(OrgFilter)]
#[diesel(table_name = self::devices)]
#[org_filter(model = Device, fields(name, id), order = [name])]
struct DeviceFilter;

fn named(rows: Scoped<Device>, conn: &mut SqliteConnection) -> Result<i64, Error> {
    rows.filter(name.eq("router")).count(conn)
}

fn main() {}
