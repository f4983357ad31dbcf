// A handler with two parents: one of them is not checked.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
struct Site {
    id: i32,
    organization_id: i32,
}

#[protected(member)]
async fn status(_site: Parent<Site>, _device: Parent<Device>) {}

fn main() {}
