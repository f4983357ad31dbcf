// The crate under another name, in inputs, changes, filters and their models, from the root and from a module.
use diesel::prelude::*;
use orgscope as other;
use other::axum::Router;
use other::prelude::*;

diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }
diesel::table! { ports (id) { id -> Integer, device_id -> Integer } }
diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = tags)]
#[org_scoped(crate = other)]
struct Tag {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(
    crate = other,
    many(name = tags, model = Tag, through = device_tags(device_id, tag_id)),
    dependents(table = ports, column = device_id)
)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = ports, belongs_to(Device))]
#[org_scoped(crate = other, org_field = "device.organization")]
struct Port {
    id: i32,
    device_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device, crate = other)]
struct NewDevice {
    name: String,
    organization_id: i32,
    #[org_input(many)]
    tags: Vec<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device, include_shared = [tags], crate = crate::renamed_crate_inputs::other)]
struct DeviceChanges {
    name: Option<String>,
    #[org_changeset(many)]
    tags: Option<Vec<i32>>,
}

#[derive(OrgInput)]
#[diesel(table_name = ports)]
#[org_input(model = Port, crate = other)]
struct NewPort {
    #[org_input(nested = device_id)]
    device: NewDevice,
}

#[derive(OrgFilter)]
#[diesel(table_name = devices)]
#[org_filter(
    crate = other,
    model = Device,
    fields(organization, tags, name(exact, contains)),
    order = [name],
    search = [name]
)]
struct DeviceFilter;

mod nested {
    use super::{Device, Port, devices, ports};
    use crate::renamed_crate_inputs::other::prelude::*;

    #[derive(OrgChangeset)]
    #[diesel(table_name = devices)]
    #[org_changeset(model = Device, crate = super::other)]
    pub(super) struct Renamed {
        name: Option<String>,
    }

    #[derive(OrgFilter)]
    #[diesel(table_name = ports)]
    #[org_filter(model = Port, fields(device, device__organization, id(in)), crate = super::other)]
    pub(super) struct PortFilter;
}

#[protected(member, crate = other)]
async fn list(
    _device: Parent<Device>,
    _ports: Scoped<Port>,
    _filters: Filtered<nested::PortFilter>,
    _new: Input<NewPort>,
) {
}

fn router() -> Router<Tenancy> {
    Router::new().under("/devices/{device_id}", Router::new().get("/ports", list))
}

fn main() {}
