// A user who denies lints, with inputs, changes, filters and parents: nothing that the macros write sets one off.
//! A service.
#![deny(
    missing_docs,
    unused_qualifications,
    private_interfaces,
    private_bounds,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    non_local_definitions
)]
#![deny(
    unreachable_patterns,
    unused_attributes,
    unused_imports,
    unused_variables,
    unused_mut,
    unused_parens,
    missing_debug_implementations
)]
#![forbid(unsafe_code)]

mod schema {
    diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
    diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }
    diesel::table! {
        devices (id) {
            id -> Integer, name -> Text, note -> Nullable<Text>, organization_id -> Integer
        }
    }
    diesel::table! { ports (id) { id -> Integer, device_id -> Integer } }
}

/// The models.
pub mod models {
    #![deny(clippy::pedantic)]

    use super::schema::{device_tags, devices, ports, tags};
    use diesel::prelude::*;
    use orgscope::prelude::*;

    /// A tag.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = tags)]
    pub struct Tag {
        /// The key.
        pub id: i32,
        /// The organization.
        pub organization_id: i32,
    }

    /// A device.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = devices)]
    #[org_scoped(
        many(name = tags, model = Tag, through = device_tags(device_id, tag_id)),
        dependents(table = ports, column = device_id)
    )]
    pub struct Device {
        /// The key.
        pub id: i32,
        /// The organization.
        pub organization_id: i32,
    }

    /// A port.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = ports, belongs_to(Device))]
    #[org_scoped(org_field = "device.organization")]
    pub struct Port {
        /// The key.
        pub id: i32,
        /// The device.
        pub device_id: i32,
    }
}

/// What is read.
pub mod inputs {
    #![deny(clippy::pedantic)]

    use super::models::{Device, Port};
    use super::schema::{devices, ports};
    use orgscope::prelude::*;

    /// A new device.
    #[derive(Debug, OrgInput)]
    #[diesel(table_name = devices)]
    #[org_input(model = Device, include_shared = [tags], ignore = [serial])]
    pub struct NewDevice {
        /// The name.
        #[diesel(serialize_as = String)]
        pub name: String,
        /// What is to be known.
        pub note: Option<String>,
        /// The organization.
        pub organization_id: i32,
        /// The tags.
        #[org_input(many)]
        pub tags: Vec<i32>,
    }

    /// Changes of a device.
    #[allow(clippy::option_option)]
    #[derive(Debug, OrgChangeset)]
    #[diesel(table_name = devices)]
    #[org_changeset(model = Device)]
    pub struct DeviceChanges {
        /// The name.
        pub name: Option<String>,
        /// What is to be known.
        #[diesel(serialize_as = String)]
        pub note: Option<Option<String>>,
        /// The tags.
        #[org_changeset(many, rename = "labels")]
        pub tags: Option<Vec<i32>>,
    }

    /// A new port, and its device.
    #[derive(Debug, OrgInput)]
    #[diesel(table_name = ports)]
    #[org_input(model = Port)]
    pub struct NewPort {
        /// The device.
        #[org_input(nested = device_id)]
        pub device: NewDevice,
    }

    /// Which devices.
    #[derive(Debug, OrgFilter)]
    #[diesel(table_name = devices)]
    #[org_filter(
        model = Device,
        fields(organization, tags, name(exact, contains), note(isnull)),
        order = [name, id],
        search = [name],
        deny_unknown
    )]
    pub struct DeviceFilter;

    /// Which ports.
    #[derive(Debug, OrgFilter)]
    #[diesel(table_name = ports)]
    #[org_filter(model = Port, fields(device, device__organization))]
    pub struct PortFilter {}
}

/// The handlers.
pub mod handlers {
    use super::inputs::{DeviceChanges, DeviceFilter, NewDevice, NewPort, PortFilter};
    use super::models::{Device, Port};
    use orgscope::prelude::*;

    /// Lists the devices.
    #[protected(member)]
    pub async fn list(
        devices: Scoped<Device>,
        Filtered(filters): Filtered<DeviceFilter>,
        mut db: Db,
    ) -> Result<String, ApiError> {
        Ok(devices.filtered(filters).count(&mut db).await?.to_string())
    }

    /// Adds a device.
    #[protected(manager)]
    pub async fn create(
        devices: Scoped<Device>,
        mut db: Db,
        new: Input<NewDevice>,
    ) -> Result<String, ApiError> {
        let device = devices.insert(new).get_result(&mut db).await?;
        Ok(device.id.to_string())
    }

    /// Changes a device.
    #[protected(manager)]
    pub async fn update(
        device: Object<Device>,
        devices: Scoped<Device>,
        mut db: Db,
        changes: Input<DeviceChanges>,
    ) -> Result<String, ApiError> {
        let changed = devices.find(device.id).update(changes);
        Ok(changed.get_result(&mut db).await?.id.to_string())
    }

    /// Adds a port.
    #[protected(manager)]
    pub async fn add_port(
        ports: Scoped<Port>,
        mut db: Db,
        new: Input<NewPort>,
    ) -> Result<String, ApiError> {
        let port = ports.insert(new).get_result(&mut db).await?;
        Ok(port.id.to_string())
    }

    /// Lists the ports of a device.
    #[protected(member)]
    pub async fn ports(
        device: Parent<Device>,
        ports: Scoped<Port>,
        Filtered(filters): Filtered<PortFilter>,
        mut db: Db,
    ) -> Result<String, ApiError> {
        let count = ports.filtered(filters).count(&mut db).await?;
        Ok(format!("{}: {count}", device.id))
    }
}

fn router() -> orgscope::axum::Router<orgscope::prelude::Tenancy> {
    use handlers::{add_port, create, list, ports, update};
    use orgscope::axum::Router;

    Router::new()
        .get("/devices", list)
        .post("/devices", create)
        .patch("/devices/{id}", update)
        .post("/ports", add_port)
        .under("/devices/{device_id}", Router::new().get("/ports", ports))
}

#[allow(dead_code)]
fn main() {
    let _ = router();
}
