// Handlers of a controller with attributes of others, which see the arguments as written.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Debug, Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
pub struct Device {
    id: i32,
    organization_id: i32,
}

/// The devices.
#[allow(clippy::unused_async)]
#[protected(member)]
#[doc(hidden)]
pub mod api {
    use super::Device;
    use orgscope::prelude::*;

    /// Inherits below `#[tracing::instrument]`.
    #[tracing::instrument(err(Debug))]
    pub async fn list(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
        Ok(devices.count(&mut db).await?.to_string())
    }

    /// Adds a policy above `#[tracing::instrument]`.
    #[protected(manager)]
    #[tracing::instrument]
    pub async fn show(device: Object<Device>) -> String {
        device.id.to_string()
    }

    /// Adds a policy below `#[tracing::instrument]`.
    #[tracing::instrument]
    #[protected(manager)]
    pub async fn rename(_device: Object<Device>) {}

    /// Inherits below `#[utoipa::path]`.
    #[utoipa::path(get, path = "/documented", responses((status = 200, description = "how many devices there are")))]
    pub async fn documented(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
        Ok(devices.count(&mut db).await?.to_string())
    }

    /// Replaces the policy between two of them.
    #[utoipa::path(get, path = "/open", responses((status = 200, description = "how many devices there are")))]
    #[protected(override, anyone)]
    #[axum::debug_handler(state = Tenancy)]
    pub async fn open(_devices: Scoped<Device>) {}

    /// Inherits below `#[axum::debug_handler]`.
    #[axum::debug_handler(state = Tenancy)]
    pub async fn debug(_devices: Scoped<Device>) {}

    /// Is there under a condition.
    #[cfg(not(any()))]
    #[inline]
    #[must_use]
    pub async fn conditional() -> &'static str {
        "there"
    }

    /// Is not there at all.
    #[cfg(any())]
    pub async fn absent(_: Scoped<Missing>) {}

    /// Has an attribute of others, and is no handler.
    #[helper]
    #[tracing::instrument]
    pub fn name(number: i32) -> String {
        number.to_string()
    }
}

fn router() -> Router<Tenancy> {
    let _ = api::name(3);
    Router::new()
        .get("/list", api::list)
        .get("/show/{id}", api::show)
        .put("/show/{id}", api::rename)
        .get("/documented", api::documented)
        .get("/open", api::open)
        .get("/debug", api::debug)
        .get("/conditional", api::conditional)
}

fn main() {}
