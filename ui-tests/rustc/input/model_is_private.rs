// An input that is more public than its model.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

mod models {
    use super::*;

    #[derive(Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = devices)]
    struct Device {
        id: i32,
        name: String,
        organization_id: i32,
    }

    #[derive(OrgInput)]
    #[diesel(table_name = devices)]
    #[org_input(model = Device)]
    pub struct NewDevice {
        name: String,
    }
}

fn main() {}
