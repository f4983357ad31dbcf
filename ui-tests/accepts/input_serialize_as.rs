// Values that are stored as another type than they are read as: given always, perhaps, and perhaps as NULL.
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use orgscope::prelude::*;

diesel::table! {
    devices (id) { id -> Integer, name -> Text, note -> Nullable<Text>, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[derive(Debug, diesel::expression::AsExpression)]
#[diesel(sql_type = Text)]
struct Upper(String);

impl From<String> for Upper {
    fn from(text: String) -> Self {
        Upper(text.to_uppercase())
    }
}

impl<DB> ToSql<Text, DB> for Upper
where
    DB: Backend,
    String: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
struct NewDevice {
    #[diesel(serialize_as = Upper)]
    name: String,
    #[diesel(serialize_as = Upper)]
    note: Option<String>,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device)]
struct DeviceChanges {
    #[diesel(serialize_as = Upper)]
    name: Option<String>,
    #[diesel(serialize_as = Upper)]
    note: Option<Option<String>>,
}

fn add(
    devices: Scoped<Device>,
    new: NewDevice,
    conn: &mut SqliteConnection,
) -> Result<Device, Error> {
    devices.insert(new).get_result(conn)
}

fn change(
    devices: Scoped<Device>,
    changes: DeviceChanges,
    conn: &mut SqliteConnection,
) -> Result<Device, Error> {
    devices.find(7).update(changes).get_result(conn)
}

fn main() {}
