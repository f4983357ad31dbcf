// A query of Diesel's on a handler's database handle.
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

#[protected(member)]
async fn list(mut db: Db) {
    let _ = devices::table.select(devices::name).load::<String>(&mut db);
}

fn main() {}
