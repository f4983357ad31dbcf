// A scope that is put together by hand.
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

fn forged(other: Scoped<Device>) -> Scoped<Device> {
    Scoped {
        rows: todo!(),
        ..other
    }
}

fn main() {}
