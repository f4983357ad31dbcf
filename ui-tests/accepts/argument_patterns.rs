// Arguments with patterns, `mut`, attributes and `_`; the first one is taken apart, too.
use axum::Json;
use axum::extract::{Path, State};
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! {
    devices (id) { id -> Integer, building -> Integer, floor -> Integer, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    building: i32,
    floor: i32,
    organization_id: i32,
}

/// Counts the devices of one floor.
///
/// ```text
/// GET /devices/1/2
/// ```
#[protected(member)]
async fn on_floor(
    Path((building, floor)): Path<(i32, i32)>,
    State(_): State<Tenancy>,
    #[allow(unused_mut)] mut devices: Scoped<Device>,
    _: Option<Principal>,
    mut db: Db,
) -> Result<Json<i64>, ApiError> {
    let there = devices::building.eq(building).and(devices::floor.eq(floor));
    Ok(Json(devices.filter(there).count(&mut db).await?))
}

#[protected(member)]
async fn count(mut db: Db, devices: Scoped<Device>) -> Result<Json<i64>, ApiError> {
    Ok(Json(devices.count(&mut db).await?))
}

#[protected(member)]
async fn nothing(_: Scoped<Device>) {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/devices/{building}/{floor}", on_floor)
        .get("/devices/count", count)
        .get("/devices/nothing", nothing)
}

fn main() {}
