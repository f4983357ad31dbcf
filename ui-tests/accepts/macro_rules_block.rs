// A handler whose body is given to a macro as a block.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

macro_rules! handler {
    ($name:ident, $body:block) => {
        #[protected(manager)]
        async fn $name(_devices: Scoped<Device>) -> &'static str $body
    };
}

handler!(list, { "listed" });

fn main() {}
