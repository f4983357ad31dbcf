// `impl` blocks as controllers: their associated functions are handlers, and two types have handlers of one name.
use axum::Json;
use axum::extract::Path;
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

struct Devices;

/// The devices.
#[protected(manager, hidden = forbidden)]
impl Devices {
    /// How many a page has.
    const LIMIT: i64 = 20;

    /// Inherits.
    pub async fn list(devices: Scoped<Device>, mut db: Db) -> Result<Json<i64>, ApiError> {
        let devices = devices.limit(Self::LIMIT);
        Ok(Self::answer(devices.count(&mut db).await?))
    }

    /// Inherits, for this crate only.
    pub(crate) async fn show(device: Object<Device>) -> String {
        device.id.to_string()
    }

    /// Inherits, without an argument.
    pub async fn ping() -> &'static str {
        Devices.name()
    }

    /// Adds a policy, takes its argument apart, and records its arguments.
    #[protected(subscriber, scope = owner)]
    #[tracing::instrument(skip_all)]
    pub async fn move_to(Path((_floor, _room)): Path<(i32, i32)>, _devices: Scoped<Device>) {}

    /// A handler, although it is private.
    #[protected(owner)]
    async fn purge(_devices: Scoped<Device>) {}

    /// Replaces the policy.
    #[protected(override, anyone)]
    pub async fn health() {}

    /// A name that is a keyword.
    pub async fn r#move(_db: Db) {}

    fn answer(count: i64) -> Json<i64> {
        Json(count)
    }

    /// Is no handler.
    #[helper]
    pub fn name(&self) -> &'static str {
        "devices"
    }
}

struct Sites<T>(T);

#[protected(orgscope::policy::Member)]
impl<T: Send> Sites<T> {
    pub async fn list() {}

    #[protected(self::Licensed)]
    pub async fn purge() {}
}

struct Licensed;

impl policy::Permission for Licensed {
    fn check<'a>(_: &'a policy::Asked<'a>) -> policy::Check<'a> {
        true.into()
    }
}

mod nested {
    pub struct Racks;
}

#[orgscope::protected(member)]
impl nested::Racks {
    pub async fn list(_caller: Option<Principal>) {}
}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/devices", Devices::list)
        .get("/devices/{id}", Devices::show)
        .get("/ping", Devices::ping)
        .put("/devices/{floor}/{room}", Devices::move_to)
        .delete("/devices", Devices::purge)
        .get("/health", Devices::health)
        .post("/move", Devices::r#move)
        .get("/sites", Sites::<i32>::list)
        .delete("/sites", Sites::<i32>::purge)
        .get("/racks", nested::Racks::list)
}

fn main() {}
