// A caller whose organizations have other keys than those of the model.
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

fn devices(caller: &Principal<String>) -> Scoped<Device> {
    Scope::<Device>::new::<policy::Member>(caller)
}

fn main() {}
