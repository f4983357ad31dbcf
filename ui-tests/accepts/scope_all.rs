// Handlers over the rows of every organization, each with its reason.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[protected(in_group("auditors"), scope = all, reason = "the auditors read every organization")]
async fn list(_devices: Scoped<Device>) {}

#[protected(root, reason = r#"the "root" group repairs"#, write = owner, hidden = forbidden, scope = all)]
async fn repair(_device: Object<Device>) {}

#[protected(perm("devices.audit"), scope = all, reason = "the auditors read every organization")]
mod api {
    use super::Device;
    use orgscope::prelude::*;

    /// Inherits the scope with its reason.
    pub async fn list(_devices: Scoped<Device>) {}

    /// Has a scope of its own, which needs no reason.
    #[protected(scope = manager)]
    pub async fn own(_devices: Scoped<Device>) {}

    /// Has a reason of its own.
    #[protected(scope = all, reason = "the board reads what the auditors read")]
    pub async fn board(_devices: Scoped<Device>) {}

    /// Replaces everything, the scope included.
    #[protected(override, member)]
    pub async fn members(_devices: Scoped<Device>) {}
}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/devices", list)
        .put("/devices/{id}", repair)
        .get("/api", api::list)
        .get("/own", api::own)
        .get("/board", api::board)
        .get("/members", api::members)
}

fn main() {}
