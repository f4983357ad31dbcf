// Inputs that are Diesel's and serde's as well, and what Diesel's keys say about `None`.
use diesel::prelude::*;
use orgscope::prelude::*;
use serde::Deserialize;

diesel::table! {
    devices (id) {
        id -> Integer, name -> Text, note -> Nullable<Text>, room -> Nullable<Integer>,
        organization_id -> Integer
    }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Clone, Debug, Deserialize, Insertable, OrgInput)]
#[diesel(table_name = devices)]
#[diesel(treat_none_as_default_value = false)]
#[org_input(model = Device)]
struct NewDevice {
    name: String,
    note: Option<String>,
    #[diesel(treat_none_as_default_value = true)]
    room: Option<i32>,
    organization_id: i32,
}

#[derive(Clone, Debug, Deserialize, AsChangeset, OrgChangeset)]
#[diesel(table_name = devices, treat_none_as_null = true)]
#[org_changeset(model = Device)]
#[serde(deny_unknown_fields)]
struct Replacement {
    name: String,
    note: Option<String>,
    #[diesel(treat_none_as_null = false)]
    room: Option<i32>,
}

fn add(
    devices: Scoped<Device>,
    new: &NewDevice,
    conn: &mut SqliteConnection,
) -> Result<Device, Error> {
    devices.insert(new.clone()).get_result(conn)
}

fn replace(
    devices: Scoped<Device>,
    replacement: Replacement,
    conn: &mut SqliteConnection,
) -> Result<usize, Error> {
    devices.find(7).update(replacement).execute(conn)
}

fn main() {}
