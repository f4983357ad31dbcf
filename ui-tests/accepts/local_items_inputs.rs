// Inputs and filters within functions, under one name in two of them.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

fn add(devices: Scoped<Device>, conn: &mut SqliteConnection) -> Result<Device, Error> {
    #[derive(OrgInput)]
    #[diesel(table_name = devices)]
    #[org_input(model = Device)]
    struct Fields {
        name: String,
        organization_id: i32,
    }

    let (name, organization_id) = ("router".to_owned(), 7);
    let new = Fields {
        name,
        organization_id,
    };
    devices.insert(new).get_result(conn)
}

fn rename(devices: Scoped<Device>, conn: &mut SqliteConnection) -> Result<Device, Error> {
    #[derive(OrgChangeset)]
    #[diesel(table_name = devices)]
    #[org_changeset(model = Device)]
    struct Fields {
        name: Option<String>,
    }

    let name = Some("switch".to_owned());
    devices.find(7).update(Fields { name }).get_result(conn)
}

fn listed(devices: Scoped<Device>, conn: &mut SqliteConnection) -> Result<i64, Error> {
    #[derive(OrgFilter)]
    #[diesel(table_name = devices)]
    #[org_filter(model = Device, fields(name))]
    struct Filter {}

    let filters = orgscope::filter::Filters::<Filter>::read("name=router");
    devices.filtered(filters).count(conn)
}

fn main() {}
