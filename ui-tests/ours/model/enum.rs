// An enum as a model.
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(OrgScoped)]
#[diesel(table_name = devices)]
enum Device {
    Router,
    Switch,
}

fn main() {}
