// Handlers where changing takes another role than looking.
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

#[protected(member, write = owner)]
async fn update(_device: Object<Device>) {}

#[protected(member, scope = manager, write = owner, hidden = forbidden)]
async fn rename(_device: Object<Device>) {}

#[protected(manager, write = member)]
async fn touch(_device: Object<Device>) {}

#[protected(member, write = manager)]
async fn purge(
    axum::extract::Path(id): axum::extract::Path<i32>,
    devices: Scoped<Device>,
    mut db: Db,
) -> Result<(), ApiError> {
    devices.find(id).delete().execute(&mut db).await?;
    Ok(())
}

#[protected(member, write = manager)]
mod api {
    use super::Device;
    use orgscope::prelude::*;

    /// Inherits the write role.
    pub async fn update(_device: Object<Device>) {}

    /// Has a stronger write role of its own.
    #[protected(write = owner)]
    pub async fn rename(_device: Object<Device>) {}
}

fn router() -> Router<Tenancy> {
    Router::new()
        .put("/devices/{id}", update)
        .patch("/devices/{id}", rename)
        .post("/devices/{id}", touch)
        .delete("/devices/{id}", purge)
        .put("/api/{id}", api::update)
        .patch("/api/{id}", api::rename)
}

fn main() {}
