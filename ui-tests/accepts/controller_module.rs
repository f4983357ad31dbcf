// A module as a controller: handlers that inherit, add and replace, functions that are no handlers, modules within.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
pub struct Device {
    id: i32,
    organization_id: i32,
}

/// The devices.
#[protected(member, scope = manager, hidden = forbidden)]
pub mod api {
    #![allow(clippy::unused_async)]

    use super::Device;
    use orgscope::prelude::*;

    const LIMIT: i64 = 20;

    /// Inherits.
    pub async fn list(devices: Scoped<Device>, mut db: Db) -> Result<String, ApiError> {
        let devices = devices.limit(LIMIT);
        Ok(text(devices.count(&mut db).await?))
    }

    /// Inherits, without an argument.
    pub async fn ping() -> &'static str {
        name()
    }

    /// Inherits, for fewer.
    pub(super) async fn show(device: Object<Device>) -> String {
        device.id.to_string()
    }

    /// Adds a policy.
    #[protected(manager & !owner)]
    pub async fn restart(_device: Object<Device>) {}

    /// Adds a policy and keys.
    #[protected(subscriber, org_field = "organization", write = owner)]
    pub async fn rename(_device: Object<Device>) {}

    /// Adds keys only.
    #[protected(scope = owner, hidden = not_found)]
    pub async fn purge(_devices: Scoped<Device>) {}

    /// Adds nothing.
    #[protected()]
    pub async fn nothing() {}

    /// A handler, although it is private.
    #[protected]
    async fn hidden() {}

    /// Replaces the policy.
    #[protected(override, anyone)]
    pub async fn health() {}

    /// Replaces the policy by one that contradicts it.
    #[protected(override, !member, hidden = forbidden,)]
    pub async fn apply() {}

    /// Is no handler.
    #[helper]
    pub fn name() -> &'static str {
        "devices"
    }

    fn text(count: i64) -> String {
        count.to_string()
    }

    /// A function outside of the web framework's reach, to which nothing is added.
    #[helper]
    pub fn count(caller: &Principal) -> usize {
        caller.memberships().map_or(0, <[_]>::len)
    }

    /// Inherits as a whole.
    pub mod ports {
        use super::Device;
        use orgscope::prelude::*;

        /// Inherits from both.
        pub async fn list(_devices: Scoped<Device>) {}

        /// Has a policy of its own as well.
        #[protected(perm("devices.export"))]
        pub mod exports {
            use super::Device;
            use orgscope::prelude::*;

            /// Inherits from all three.
            pub async fn list(_devices: Scoped<Device>) {}

            /// Adds a policy to those of all three.
            #[protected(owner)]
            pub async fn purge(_devices: Scoped<Device>) {}

            /// Replaces all of them.
            #[protected(override, anyone)]
            pub async fn health() {}
        }

        /// Replaces the outer one for all that is in it.
        #[protected(override, root)]
        pub mod debug {
            /// Inherits from this one.
            pub async fn dump() {}
        }
    }

    /// Has no handlers.
    pub mod texts {
        /// Is no handler.
        #[helper]
        pub fn name() -> &'static str {
            super::name()
        }
    }

    /// An `impl` block is a controller within where it says so.
    pub struct Admin;

    #[protected]
    impl Admin {
        /// Inherits.
        pub async fn list(_devices: Scoped<Device>) {}

        /// Adds a policy.
        #[protected(root)]
        pub async fn purge() {}
    }

    impl Admin {
        /// Is no handler.
        pub fn name(&self) -> &'static str {
            self::name()
        }
    }

    /// The routes.
    #[helper]
    pub fn router() -> orgscope::axum::Router<Tenancy> {
        orgscope::axum::Router::new().get("/hidden", hidden)
    }
}

fn router() -> Router<Tenancy> {
    let _ = (api::name(), api::texts::name(), api::Admin.name());
    Router::new()
        .get("/devices", api::list)
        .get("/ping", api::ping)
        .get("/devices/{id}", api::show)
        .post("/devices/{id}", api::restart)
        .put("/devices/{id}", api::rename)
        .delete("/devices", api::purge)
        .get("/nothing", api::nothing)
        .get("/health", api::health)
        .get("/apply", api::apply)
        .get("/ports", api::ports::list)
        .get("/exports", api::ports::exports::list)
        .delete("/exports", api::ports::exports::purge)
        .get("/exports/health", api::ports::exports::health)
        .get("/debug", api::ports::debug::dump)
        .get("/admin", api::Admin::list)
        .delete("/admin", api::Admin::purge)
        .merge(api::router())
}

fn main() {}
