// A handler with type and constant parameters, and a `where`.
use axum::Json;
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[protected(member)]
async fn names<T, const LIMIT: i64>(
    devices: Scoped<Device>,
    mut db: Db,
) -> Result<Json<Vec<T>>, ApiError>
where
    T: From<String> + Send,
{
    let names = devices.select(devices::name).limit(LIMIT);
    let names: Vec<String> = names.load(&mut db).await?;
    Ok(Json(names.into_iter().map(T::from).collect()))
}

fn router() -> Router<Tenancy> {
    Router::new().get("/devices/names", names::<String, 20>)
}

fn main() {}
