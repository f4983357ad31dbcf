// A filter with every key, every lookup, every column type, and both kinds of relations.
use axum::Json;
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }
diesel::table! {
    devices (id) {
        id -> Integer, name -> Text, note -> Nullable<Text>, slot -> SmallInt, serial -> BigInt,
        is_active -> Bool, load -> Float, temperature -> Nullable<Double>,
        site_id -> Nullable<Integer>, organization_id -> Integer
    }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
#[org_scoped(shared = read)]
struct Site {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = tags)]
struct Tag {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices, belongs_to(Site))]
#[org_scoped(many(name = tags, model = Tag, through = device_tags(device_id, tag_id)))]
struct Device {
    id: i32,
    name: String,
    site_id: Option<i32>,
    organization_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = devices)]
#[org_filter(
    model = Device,
    fields(
        organization,
        organization_slug,
        site,
        site__organization,
        tags,
        name(exact, iexact, contains, icontains, in, lt, lte, gt, gte, range, isnull),
        note(icontains, isnull),
        id,
        slot(exact, in),
        serial(range, lt, gte),
        is_active,
        load(lte),
        temperature(gt, isnull),
    ),
    order = [name, note, id],
    search = [name, note],
    deny_unknown
)]
struct DeviceFilter;

#[protected(member)]
async fn list(
    devices: Scoped<Device>,
    Filtered(filters): Filtered<DeviceFilter>,
    paging: Paging,
    mut db: Db,
) -> Result<Json<Vec<String>>, ApiError> {
    let order = filters.order_or(devices::id);
    let devices = devices.filtered(filters).select(devices::name);
    Ok(Json(devices.page(paging, order, &mut db).await?.results))
}

#[protected(member)]
async fn count(
    devices: Scoped<Device>,
    Filtered(filters): Filtered<DeviceFilter>,
    mut db: Db,
) -> Result<String, ApiError> {
    let devices = devices.filter(devices::is_active.eq(true));
    let devices = devices.filtered(filters).filter(devices::id.gt(7));
    Ok(devices.count(&mut db).await?.to_string())
}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/devices", list)
        .get("/devices/count", count)
}

fn main() {}
