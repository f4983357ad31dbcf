// A bundle with `can_edit`, for a model that does not say who holds its rows.
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

policy! {
    pub Editors = member & can_edit;
}

#[protected(Editors)]
async fn show(_device: Object<Device>) {}

fn main() {}
