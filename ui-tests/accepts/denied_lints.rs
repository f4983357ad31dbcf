// A user who denies lints: nothing that the macros write sets one off.
//! A service.
#![deny(
    missing_docs,
    unused_qualifications,
    private_interfaces,
    non_camel_case_types
)]
#![deny(
    unused_imports,
    unused_variables,
    unused_mut,
    unused_parens,
    missing_debug_implementations
)]
#![forbid(unsafe_code)]

mod schema {
    diesel::table! { sites (id) { id -> Integer, organization_id -> Nullable<Integer> } }
    diesel::table! { devices (id) { id -> Integer, site_id -> Integer } }
}

/// The models.
pub mod models {
    use super::schema::{devices, sites};
    use diesel::prelude::*;
    use orgscope::prelude::*;

    /// A site.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = sites)]
    #[org_scoped(shared = read)]
    pub struct Site {
        /// The key.
        pub id: i32,
        /// The organization.
        pub organization_id: Option<i32>,
    }

    /// A device.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = devices, belongs_to(Site))]
    #[org_scoped(org_field = "site.organization")]
    pub struct Device {
        /// The key.
        pub id: i32,
        /// The site.
        pub site_id: i32,
    }
}

/// The handlers.
pub mod handlers {
    use super::models::{Device, Site};
    use orgscope::prelude::*;

    /// Lists the devices.
    #[protected(member, org_field = "site.organization")]
    pub async fn list(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
        Ok(devices.count(&mut db).await?.to_string())
    }

    /// Shows a site.
    #[protected(member)]
    pub async fn show(site: Object<Site>) -> String {
        site.id.to_string()
    }

    /// Answers.
    #[protected(authenticated)]
    pub async fn ping() {}

    /// Does nothing.
    ///
    /// # Errors
    /// For everybody but managers.
    #[protected(manager, principal = caller)]
    pub fn purge(caller: &Principal) -> Result<(), Error> {
        let _ = caller;
        Ok(())
    }
}

fn main() {}
