//! A small service whose writes take several statements, for the tests that kill, time out and crowd.

use axum::Json;
use axum::http::StatusCode;
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::policy::Manager;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope_suite::databases::Fresh;
use orgscope_suite::http::{Answer, Http};
use serde_json::json;

diesel::table! { parcels (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { stamps (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { parcel_stamps (parcel_id, stamp_id) { parcel_id -> Integer, stamp_id -> Integer } }

#[derive(Debug, Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = parcels)]
#[org_scoped(many(name = stamps, model = Stamp, through = parcel_stamps(parcel_id, stamp_id)))]
pub struct Parcel {
    pub id: i32,
    pub name: String,
    pub organization_id: i32,
}

#[derive(Debug, Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = stamps)]
pub struct Stamp {
    pub id: i32,
    pub organization_id: i32,
}

#[derive(Debug, Queryable, Selectable, OrgScoped)]
#[diesel(table_name = parcel_stamps, primary_key(parcel_id, stamp_id))]
#[org_scoped(global, reason = "the tests look at the joins themselves")]
pub struct ParcelStamp {
    pub parcel_id: i32,
    pub stamp_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = parcels)]
#[org_input(model = Parcel)]
struct NewParcel {
    id: i32,
    name: String,
    organization_id: i32,
    #[org_input(many)]
    stamps: Vec<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = parcels)]
#[org_changeset(model = Parcel)]
struct ParcelChanges {
    name: String,
}

#[protected(manager)]
async fn create(
    parcels: Scoped<Parcel>,
    mut db: Db,
    input: Input<NewParcel>,
) -> Result<(StatusCode, Json<Parcel>), ApiError> {
    let parcel = parcels.insert(input).get_result(&mut db).await?;
    Ok((StatusCode::CREATED, Json(parcel)))
}

#[protected(manager)]
async fn get(parcel: Object<Parcel>) -> Json<Parcel> {
    Json(parcel.into_inner())
}

#[protected(manager)]
async fn list(parcels: Scoped<Parcel>, mut db: Db) -> Result<Json<Vec<Parcel>>, ApiError> {
    Ok(Json(parcels.order(parcels::id).load(&mut db).await?))
}

#[protected(manager)]
async fn rename(
    parcels: Scoped<Parcel>,
    path: axum::extract::Path<i32>,
    mut db: Db,
    input: Input<ParcelChanges>,
) -> Result<Json<Parcel>, ApiError> {
    let changed = parcels.find(path.0).update(input).get_result(&mut db);
    Ok(Json(changed.await?))
}

#[protected(manager)]
async fn delete(
    parcels: Scoped<Parcel>,
    path: axum::extract::Path<i32>,
    mut db: Db,
) -> Result<StatusCode, ApiError> {
    parcels.find(path.0).delete().execute(&mut db).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[protected(manager)]
async fn list_stamps(stamps: Scoped<Stamp>, mut db: Db) -> Result<Json<Vec<Stamp>>, ApiError> {
    Ok(Json(stamps.order(stamps::id).load(&mut db).await?))
}

pub const TABLES: &str = "
    CREATE TABLE parcels (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, organization_id INTEGER NOT NULL);
    CREATE TABLE stamps (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER NOT NULL);
    CREATE TABLE parcel_stamps (parcel_id INTEGER NOT NULL, stamp_id INTEGER NOT NULL, PRIMARY KEY (parcel_id, stamp_id),
        FOREIGN KEY (parcel_id) REFERENCES parcels (id) ON DELETE CASCADE);
    CREATE INDEX parcels_organization_id ON parcels (organization_id);
    CREATE INDEX stamps_organization_id ON stamps (organization_id);";

/// The service on a pool of its own.
pub async fn serve(fresh: &Fresh, connections: usize) -> Http {
    let pool = orgscope::AnyPool::connect_audited(fresh.url(), connections, &fresh.auditor);
    let router = Router::new()
        .get("/parcels", list)
        .post("/parcels", create)
        .get("/parcels/{id}", get)
        .patch("/parcels/{id}", rename)
        .delete("/parcels/{id}", delete)
        .get("/stamps", list_stamps);
    let tenancy = Tenancy::new(pool.unwrap());
    Http::serve(router.into_axum().with_state(tenancy)).await
}

/// Asks once, on a connection of its own.
pub async fn ask(http: &Http, method: &str, path: &str, token: &str, body: &str) -> Answer {
    let headers = [
        ("authorization", format!("Bearer {token}").into_bytes()),
        ("content-type", b"application/json".to_vec()),
    ];
    let from = std::net::Ipv4Addr::LOCALHOST;
    http.raw(method, path, &headers, body, from).await
}

pub fn parcel(id: i32, name: &str, organization: i32, stamps: &[i32]) -> String {
    json!({"id": id, "name": name, "organization": organization, "stamps": stamps}).to_string()
}

/// What is in the database: the names of parcels, and how many stamps each has.
pub async fn stored(fresh: &Fresh) -> std::collections::BTreeMap<i32, (String, usize)> {
    // The connections of other pools may have been killed.
    let pool = orgscope::AnyPool::connect_audited(fresh.url(), 1, &fresh.auditor).unwrap();
    let conn = &mut pool.connection().await.unwrap();
    let everybody = crate::support::loaded(crate::support::SUPERUSER);
    let parcels = Scope::<Parcel>::new::<Manager>(&everybody);
    let parcels = parcels.load(conn).await.unwrap();
    let joins: Vec<ParcelStamp> = Scope::<ParcelStamp>::global().load(conn).await.unwrap();
    let counted = parcels.into_iter().map(|parcel| {
        let stamps = joins
            .iter()
            .filter(|join| join.parcel_id == parcel.id)
            .count();
        (parcel.id, (parcel.name, stamps))
    });
    counted.collect()
}
