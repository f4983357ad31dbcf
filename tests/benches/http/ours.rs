//! The service as its users write it.

use axum::Json;
use diesel::prelude::*;
use orgscope::AnyPool;
use orgscope::axum::Router;
use orgscope::prelude::*;

use crate::data::builds;

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = builds)]
#[org_scoped(shared = read)]
struct Build {
    id: i32,
    version: String,
    created: i32,
    organization_id: Option<i32>,
}

#[protected(manager)]
async fn list(
    rows: Scoped<Build>,
    paging: Paging,
    mut db: Db,
) -> Result<Json<Page<Build>>, ApiError> {
    let order = (builds::created.desc(), builds::id.desc());
    Ok(Json(rows.page(paging, order, &mut db).await?))
}

#[protected(manager)]
async fn get(build: Object<Build>) -> Json<Build> {
    Json(build.into_inner())
}

pub(crate) fn service(pool: AnyPool) -> axum::Router {
    Router::new()
        .get("/builds", list)
        .get("/builds/{id}", get)
        .into_axum()
        .with_state(Tenancy::new(pool))
}
