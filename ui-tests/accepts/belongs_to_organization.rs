// A model that is also associated with the struct of the organization, which itself has no scope.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { organizations (id) { id -> Integer, name -> Text } }
diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = organizations)]
struct Organization {
    id: i32,
    name: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped)]
#[diesel(table_name = devices, belongs_to(Organization))]
struct Device {
    id: i32,
    organization_id: i32,
}

#[protected(member)]
async fn list(_devices: Scoped<Device>) {}

fn main() {}
