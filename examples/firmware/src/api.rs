//! The endpoints, and one line per handler that says who may call it.

use axum::Json;
use orgscope::axum::Router;
use orgscope::prelude::*;

use crate::models::{
    Build, Category, Device, FirmwareImage, builds, categories, devices, firmware_images,
};

type Answer<T> = Result<Json<T>, ApiError>;

#[protected(member)]
async fn list_categories(
    rows: Scoped<Category>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<Category>> {
    Ok(Json(rows.page(paging, categories::id, &mut db).await?))
}

#[protected(member)]
async fn get_category(category: Object<Category>) -> Json<Category> {
    Json(category.into_inner())
}

#[protected(manager)]
async fn list_builds(rows: Scoped<Build>, paging: Paging, mut db: Db) -> Answer<Page<Build>> {
    Ok(Json(rows.page(paging, builds::id, &mut db).await?))
}

#[protected(manager)]
async fn get_build(build: Object<Build>) -> Json<Build> {
    Json(build.into_inner())
}

#[protected(manager)]
async fn list_images(
    rows: Scoped<FirmwareImage>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<FirmwareImage>> {
    Ok(Json(rows.page(paging, firmware_images::id, &mut db).await?))
}

#[protected(manager)]
async fn get_image(image: Object<FirmwareImage>) -> Json<FirmwareImage> {
    Json(image.into_inner())
}

#[protected(member)]
async fn list_devices(rows: Scoped<Device>, paging: Paging, mut db: Db) -> Answer<Page<Device>> {
    Ok(Json(rows.page(paging, devices::id, &mut db).await?))
}

#[protected(member)]
async fn get_device(device: Object<Device>) -> Json<Device> {
    Json(device.into_inner())
}

async fn health() -> &'static str {
    "up"
}

/// The whole API. A handler without `#[protected]` or `public` does not compile here.
pub fn router() -> Router<Tenancy> {
    Router::new()
        .get("/categories", list_categories)
        .get("/categories/{id}", get_category)
        .get("/builds", list_builds)
        .get("/builds/{id}", get_build)
        .get("/firmware-images", list_images)
        .get("/firmware-images/{id}", get_image)
        .get("/devices", list_devices)
        .get("/devices/{id}", get_device)
        .get(
            "/health",
            public("for load balancers; says nothing about tenants", health),
        )
}
