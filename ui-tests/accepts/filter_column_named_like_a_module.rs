// A column with the name of the module that holds the model.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, config -> Text, organization_id -> Integer } }

mod config {
    use super::devices;
    use diesel::prelude::*;
    use orgscope::prelude::*;

    #[derive(Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = devices)]
    pub struct Device {
        id: i32,
        organization_id: i32,
    }
}

#[derive(OrgFilter)]
#[diesel(table_name = devices)]
#[org_filter(model = config::Device, fields(config, id))]
struct DeviceFilter;

fn main() {}
