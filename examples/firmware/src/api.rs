//! The endpoints, and one line per handler that says who may call it.

use diesel::ExpressionMethods as _;
use orgscope::openapi::Answer as _;
use orgscope::prelude::*;
use orgscope::write::Writes;
use utoipa::openapi::Info;

use crate::framework::{Json, Router, login};
use crate::models::{
    Build, BuildChanges, BuildFilter, Category, CategoryChanges, CategoryFilter, Choice, Device,
    DeviceChanges, DeviceFilter, FirmwareImage, ImageChanges, ImageFilter, NewBuild, NewCategory,
    NewDevice, NewImage, NewVersion, builds, categories, devices, firmware_images,
};

type Answer<T> = Result<Json<T>, ApiError>;

#[protected(member)]
async fn list_categories(
    rows: Scoped<Category>,
    Filtered(filters): Filtered<CategoryFilter>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<Category>> {
    let order = filters.order_or(categories::id);
    let page = rows.filtered(filters).page(paging, order, &mut db);
    Ok(Json(page.await?))
}

#[protected(member)]
async fn get_category(category: Object<Category>) -> Json<Category> {
    Json(category.into_inner())
}

#[protected(manager)]
async fn create_category(
    rows: Scoped<Category>,
    mut db: Db,
    input: Input<NewCategory>,
) -> Result<Created<Category>, ApiError> {
    Ok(Created(rows.insert(input).get_result(&mut db).await?))
}

#[protected(manager)]
async fn update_category(
    category: Object<Category>,
    rows: Scoped<Category>,
    mut db: Db,
    changes: Input<CategoryChanges>,
) -> Answer<Category> {
    let changed = rows.find(category.id).update(changes);
    Ok(Json(changed.get_result(&mut db).await?))
}

#[protected(manager)]
async fn delete_category(
    category: Object<Category>,
    rows: Scoped<Category>,
    mut db: Db,
) -> Result<NoContent, ApiError> {
    rows.find(category.id).delete().execute(&mut db).await?;
    Ok(NoContent)
}

#[protected(manager)]
async fn list_builds(
    rows: Scoped<Build>,
    Filtered(filters): Filtered<BuildFilter>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<Build>> {
    let order = filters.order_or(builds::id);
    let page = rows.filtered(filters).page(paging, order, &mut db);
    Ok(Json(page.await?))
}

#[protected(manager)]
async fn get_build(build: Object<Build>) -> Json<Build> {
    Json(build.into_inner())
}

#[protected(manager)]
async fn create_build(
    rows: Scoped<Build>,
    mut db: Db,
    input: Input<NewBuild>,
) -> Result<Created<Build>, ApiError> {
    Ok(Created(rows.insert(input).get_result(&mut db).await?))
}

#[protected(manager)]
async fn update_build(
    build: Object<Build>,
    rows: Scoped<Build>,
    mut db: Db,
    changes: Input<BuildChanges>,
) -> Answer<Build> {
    let changed = rows.find(build.id).update(changes);
    Ok(Json(changed.get_result(&mut db).await?))
}

#[protected(manager)]
async fn delete_build(
    build: Object<Build>,
    rows: Scoped<Build>,
    mut db: Db,
) -> Result<NoContent, ApiError> {
    rows.find(build.id).delete().execute(&mut db).await?;
    Ok(NoContent)
}

#[protected(manager)]
async fn list_images(
    rows: Scoped<FirmwareImage>,
    Filtered(filters): Filtered<ImageFilter>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<FirmwareImage>> {
    let order = filters.order_or(firmware_images::id);
    let page = rows.filtered(filters).page(paging, order, &mut db);
    Ok(Json(page.await?))
}

#[protected(manager)]
async fn get_image(image: Object<FirmwareImage>) -> Json<FirmwareImage> {
    Json(image.into_inner())
}

#[protected(manager)]
async fn create_image(
    rows: Scoped<FirmwareImage>,
    mut db: Db,
    input: Input<NewImage>,
) -> Result<Created<FirmwareImage>, ApiError> {
    Ok(Created(rows.insert(input).get_result(&mut db).await?))
}

#[protected(manager)]
async fn update_image(
    image: Object<FirmwareImage>,
    rows: Scoped<FirmwareImage>,
    mut db: Db,
    changes: Input<ImageChanges>,
) -> Answer<FirmwareImage> {
    let changed = rows.find(image.id).update(changes);
    Ok(Json(changed.get_result(&mut db).await?))
}

#[protected(manager)]
async fn delete_image(
    image: Object<FirmwareImage>,
    rows: Scoped<FirmwareImage>,
    mut db: Db,
) -> Result<NoContent, ApiError> {
    rows.find(image.id).delete().execute(&mut db).await?;
    Ok(NoContent)
}

#[protected(member)]
async fn list_devices(
    rows: Scoped<Device>,
    Filtered(filters): Filtered<DeviceFilter>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<Device>> {
    let order = filters.order_or(devices::id);
    let page = rows.filtered(filters).page(paging, order, &mut db);
    Ok(Json(page.await?))
}

/// The devices from the newest to the oldest, without a total: a page costs the same however many there are.
#[protected(member)]
async fn newest_devices(
    rows: Scoped<Device>,
    cursor: Cursor,
    mut db: Db,
) -> Answer<CursorPage<Device>> {
    let page = rows.cursor_page(cursor, devices::id.desc(), &mut db);
    Ok(Json(page.await?))
}

#[protected(member)]
async fn get_device(device: Object<Device>) -> Json<Device> {
    Json(device.into_inner())
}

#[protected(manager)]
async fn create_device(
    rows: Scoped<Device>,
    mut db: Db,
    input: Input<NewDevice>,
) -> Result<Created<Device>, ApiError> {
    Ok(Created(rows.insert(input).get_result(&mut db).await?))
}

#[protected(manager)]
async fn update_device(
    device: Object<Device>,
    rows: Scoped<Device>,
    mut db: Db,
    changes: Input<DeviceChanges>,
) -> Answer<Device> {
    let changed = rows.find(device.id).update(changes);
    Ok(Json(changed.get_result(&mut db).await?))
}

#[protected(manager)]
async fn delete_device(
    device: Object<Device>,
    rows: Scoped<Device>,
    mut db: Db,
) -> Result<NoContent, ApiError> {
    rows.find(device.id).delete().execute(&mut db).await?;
    Ok(NoContent)
}

/// The builds that a form may offer for an image: exactly those that `create_image` accepts.
#[protected(manager)]
async fn image_choices(
    rows: Scoped<FirmwareImage>,
    Filtered(filters): Filtered<BuildFilter>,
    mut db: Db,
) -> Answer<Vec<Choice>> {
    let offered = NewImage::choices::<Build, _>(&rows, |image| image.build())?;
    let offered = offered.filtered(filters).order(builds::version);
    let offered = offered.select((builds::id, builds::version));
    Ok(Json(offered.load(&mut db).await?))
}

/// The builds of one category; a category of others is 404, on every method.
#[protected(manager)]
async fn list_category_builds(
    _: Parent<Category>,
    rows: Scoped<Build>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<Build>> {
    Ok(Json(rows.page(paging, builds::id, &mut db).await?))
}

/// A new build of the category in the path.
#[protected(manager)]
async fn create_category_build(
    _: Parent<Category>,
    rows: Scoped<Build>,
    mut db: Db,
    input: Input<NewVersion>,
) -> Result<Created<Build>, ApiError> {
    Ok(Created(rows.insert(input).get_result(&mut db).await?))
}

/// What the API is, for its documentation.
pub fn info() -> Info {
    Info::new("Firmware", env!("CARGO_PKG_VERSION"))
}

async fn health() -> &'static str {
    "up"
}

/// The whole API. A handler without `#[protected]` or `public` does not compile here.
pub fn router() -> Router<Tenancy> {
    Router::new()
        .get("/categories", list_categories)
        .post("/categories", create_category)
        .get("/categories/{id}", get_category)
        .patch("/categories/{id}", update_category)
        .delete("/categories/{id}", delete_category)
        .get("/builds", list_builds)
        .post("/builds", create_build)
        .get("/builds/{id}", get_build)
        .patch("/builds/{id}", update_build)
        .delete("/builds/{id}", delete_build)
        .get("/firmware-images", list_images)
        .post("/firmware-images", create_image)
        .get("/firmware-images/{id}", get_image)
        .patch("/firmware-images/{id}", update_image)
        .delete("/firmware-images/{id}", delete_image)
        .get("/devices", list_devices)
        .post("/devices", create_device)
        .get("/devices/newest", newest_devices)
        .get("/devices/{id}", get_device)
        .patch("/devices/{id}", update_device)
        .delete("/devices/{id}", delete_device)
        .get("/firmware-images/choices/build", image_choices)
        .under(
            "/categories/{category_id}",
            Router::new()
                .get("/builds", list_category_builds)
                .post("/builds", create_category_build),
        )
        .merge(login::token_routes())
        .get(
            "/health",
            public("for load balancers; says nothing about tenants", health)
                .documented(<&'static str>::document),
        )
}
