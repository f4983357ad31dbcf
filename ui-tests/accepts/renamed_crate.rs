// The crate under another name, from the root and from a module.
use diesel::prelude::*;
use orgscope as other;
use other::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { countries (id) { id -> Integer, name -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(crate = other)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[protected(member, org_field = "organization", crate = other)]
#[tracing::instrument]
async fn list(_devices: Scoped<Device>) {}

mod nested {
    use super::countries;
    use crate::renamed_crate::other::prelude::*;

    #[derive(OrgScoped)]
    #[diesel(table_name = countries)]
    #[org_scoped(global, reason = "countries belong to nobody", crate = crate::renamed_crate::other)]
    pub struct Country {
        pub id: i32,
    }

    #[protected(manager, principal = caller, crate = super::other)]
    pub fn purge(caller: &Principal) -> Result<(), Error> {
        let _ = caller;
        Ok(())
    }
}

fn main() {}
