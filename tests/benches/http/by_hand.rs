//! The same service by hand, on axum and diesel-async: as one writes it, and with the statements that one finds by measuring.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use orgscope::dialect::Database;
use sha2::{Digest, Sha256};

use crate::data::builds;
use crate::text::{LONGEST_LIST, Text, Value};

diesel::table! { users (id) { id -> Integer, is_active -> Bool, is_superuser -> Bool } }
diesel::table! { tokens (id) { id -> BigInt, user_id -> Integer, digest -> Binary, expires_at -> Nullable<BigInt> } }
diesel::table! { organizations (id) { id -> Integer, is_active -> Bool } }
diesel::table! { memberships (user_id, organization_id) { user_id -> Integer, organization_id -> Integer, role -> Integer } }
diesel::joinable!(tokens -> users (user_id));
diesel::joinable!(memberships -> organizations (organization_id));
diesel::allow_tables_to_appear_in_same_query!(users, tokens);
diesel::allow_tables_to_appear_in_same_query!(memberships, organizations);

#[derive(Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = builds)]
struct Build {
    id: i32,
    version: String,
    created: i32,
    organization_id: Option<i32>,
}

type BuildSql = (Integer, diesel::sql_types::Text, Integer, Nullable<Integer>);

#[derive(serde::Serialize)]
struct Page {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<Build>,
}

#[derive(serde::Deserialize)]
struct Paging {
    page: Option<i64>,
    page_size: Option<i64>,
}

impl Paging {
    fn size(&self) -> i64 {
        self.page_size.unwrap_or(20).clamp(1, 100)
    }

    fn page(&self) -> i64 {
        self.page.unwrap_or(1).max(1)
    }

    fn offset(&self) -> i64 {
        (self.page() - 1) * self.size()
    }

    fn answer(&self, count: i64, results: Vec<Build>) -> Json<Page> {
        let (page, size) = (self.page(), self.size());
        let link = |page: i64| format!("/builds?page={page}&page_size={size}");
        Json(Page {
            count,
            next: (page * size < count).then(|| link(page + 1)),
            previous: (page > 1).then(|| link(page - 1)),
            results,
        })
    }
}

/// Anything that goes wrong.
struct Failed(StatusCode);

impl axum::response::IntoResponse for Failed {
    fn into_response(self) -> axum::response::Response {
        self.0.into_response()
    }
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        panic!("{error}")
    }
}

const MANAGER: i32 = 2;

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

/// The digest of the bearer token of a request.
fn digest(headers: &HeaderMap) -> Result<Vec<u8>, Failed> {
    let header = headers.get("authorization");
    let token = header.and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    let token = token.ok_or(Failed(StatusCode::UNAUTHORIZED))?;
    Ok(Sha256::digest(token.as_bytes()).to_vec())
}

/// The statements of a list that databases want in ways of their own.
struct Tuned {
    caller: &'static str,
    manager: &'static str,
    count: &'static str,
    rows: &'static str,
    row: &'static str,
}

const POSTGRES: Tuned = Tuned {
    caller: "SELECT u.id, u.is_superuser, o.id AS organization FROM tokens t INNER JOIN users u ON u.id = t.user_id \
        LEFT JOIN memberships m ON m.user_id = u.id AND m.role >= 2 LEFT JOIN organizations o ON o.id = m.organization_id AND o.is_active \
        WHERE t.digest = {digest} AND u.is_active AND (t.expires_at IS NULL OR t.expires_at > {now})",
    manager: "SELECT u.id, u.is_superuser, EXISTS (SELECT 1 FROM memberships m INNER JOIN organizations o ON o.id = m.organization_id \
        WHERE m.user_id = u.id AND m.role >= 2 AND o.is_active) AS manages FROM tokens t INNER JOIN users u ON u.id = t.user_id \
        WHERE t.digest = {digest} AND u.is_active AND (t.expires_at IS NULL OR t.expires_at > {now})",
    count: "SELECT (SELECT COUNT(*) FROM builds WHERE organization_id = ANY({keys})) + (SELECT COUNT(*) FROM builds WHERE organization_id IS NULL) AS n",
    rows: "SELECT id, version, created, organization_id FROM builds WHERE organization_id = ANY({keys}) OR organization_id IS NULL \
        ORDER BY created DESC, id DESC LIMIT {limit} OFFSET {offset}",
    row: "SELECT id, version, created, organization_id FROM builds b WHERE b.id = {row} AND (b.organization_id IS NULL OR EXISTS \
        (SELECT 1 FROM memberships m INNER JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = {user} \
        AND m.organization_id = b.organization_id AND m.role >= 2 AND o.is_active))",
};

/// Values behind a sign, for which SQLite does not plan anew; the index of the order where callers are in many organizations.
const SQLITE: Tuned = Tuned {
    caller: "SELECT u.id, u.is_superuser, o.id AS organization FROM tokens t INNER JOIN users u ON u.id = t.user_id \
        LEFT JOIN memberships m ON m.user_id = u.id AND m.role >= 2 LEFT JOIN organizations o ON o.id = m.organization_id AND o.is_active \
        WHERE t.digest = +{digest} AND u.is_active AND (t.expires_at IS NULL OR t.expires_at > +{now})",
    manager: "SELECT u.id, u.is_superuser, EXISTS (SELECT 1 FROM memberships m INNER JOIN organizations o ON o.id = m.organization_id \
        WHERE m.user_id = u.id AND m.role >= 2 AND o.is_active) AS manages FROM tokens t INNER JOIN users u ON u.id = t.user_id \
        WHERE t.digest = +{digest} AND u.is_active AND (t.expires_at IS NULL OR t.expires_at > +{now})",
    count: "SELECT (SELECT COUNT(*) FROM builds WHERE organization_id IN (SELECT value FROM json_each({keys}))) \
        + (SELECT COUNT(*) FROM builds WHERE organization_id IS NULL) AS n",
    rows: "SELECT id, version, created, organization_id FROM builds WHERE +organization_id IN (SELECT value FROM json_each({keys})) \
        OR +organization_id IS NULL ORDER BY created DESC, id DESC LIMIT +{limit} OFFSET +{offset}",
    row: "SELECT id, version, created, organization_id FROM builds b WHERE b.id = +{row} AND (b.organization_id IS NULL OR EXISTS \
        (SELECT 1 FROM memberships m INNER JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = +{user} \
        AND m.organization_id = b.organization_id AND m.role >= 2 AND o.is_active))",
};

/// The first rows of both ranges, for callers in some organizations: for the first page only, as it stands here.
const SQLITE_SOME: Tuned = Tuned {
    rows: "SELECT * FROM (SELECT id, version, created, organization_id FROM builds WHERE organization_id IN (SELECT value FROM json_each({keys})) \
        ORDER BY created DESC, id DESC LIMIT +{limit}) UNION ALL SELECT * FROM (SELECT id, version, created, organization_id FROM builds \
        WHERE organization_id IS NULL ORDER BY created DESC, id DESC LIMIT +{limit}) ORDER BY created DESC, id DESC LIMIT +{limit} OFFSET +{offset}",
    ..SQLITE
};

/// The same for a set that is a list of binds.
const SQLITE_FEW: Tuned = Tuned {
    count: "SELECT (SELECT COUNT(*) FROM builds WHERE organization_id IN ({keys})) + (SELECT COUNT(*) FROM builds WHERE organization_id IS NULL) AS n",
    rows: "SELECT * FROM (SELECT id, version, created, organization_id FROM builds WHERE organization_id IN ({keys}) \
        ORDER BY created DESC, id DESC LIMIT +{limit}) UNION ALL SELECT * FROM (SELECT id, version, created, organization_id FROM builds \
        WHERE organization_id IS NULL ORDER BY created DESC, id DESC LIMIT +{limit}) ORDER BY created DESC, id DESC LIMIT +{limit} OFFSET +{offset}",
    ..SQLITE
};

fn tuned(database: Database, keys: usize) -> &'static Tuned {
    match database {
        Database::Postgres => &POSTGRES,
        _ if keys <= LONGEST_LIST => &SQLITE_FEW,
        _ if keys <= 100 => &SQLITE_SOME,
        _ => &SQLITE,
    }
}

macro_rules! services {
    ($module:ident, $connection:ty, $database:expr) => {
        pub(crate) mod $module {
            use super::*;

            type Connections = State<Pool<$connection>>;

            fn pool(
                url: &str,
                size: usize,
                config: ManagerConfig<$connection>,
            ) -> Pool<$connection> {
                let manager = AsyncDieselConnectionManager::new_with_config(url, config);
                Pool::builder(manager).max_size(size).build().unwrap()
            }

            fn routes(pool: Pool<$connection>, tuned: bool) -> Router {
                let router = match tuned {
                    true => Router::new()
                        .route("/builds", get(list_tuned))
                        .route("/builds/{id}", get(get_tuned)),
                    false => Router::new()
                        .route("/builds", get(list_plain))
                        .route("/builds/{id}", get(get_plain)),
                };
                router.with_state(pool)
            }

            pub(crate) fn plain(url: &str, size: usize) -> Router {
                routes(pool(url, size, ManagerConfig::default()), false)
            }

            pub(crate) fn tuned(url: &str, size: usize) -> Router {
                let mut config = ManagerConfig::default();
                config.recycling_method = RecyclingMethod::Fast;
                routes(pool(url, size, config), true)
            }

            /// The caller, and the organizations that it manages.
            async fn caller(
                headers: &HeaderMap,
                conn: &mut $connection,
            ) -> Result<Vec<i32>, Failed> {
                let digest = digest(headers)?;
                let expires = tokens::expires_at;
                let user: Option<i32> = tokens::table
                    .inner_join(users::table)
                    .filter(tokens::digest.eq(digest))
                    .filter(users::is_active)
                    .filter(expires.is_null().or(expires.gt(now())))
                    .select(users::id)
                    .first(conn)
                    .await
                    .optional()?;
                let user = user.ok_or(Failed(StatusCode::UNAUTHORIZED))?;
                let managed: Vec<i32> = memberships::table
                    .inner_join(organizations::table)
                    .filter(memberships::user_id.eq(user))
                    .filter(memberships::role.ge(MANAGER))
                    .filter(organizations::is_active)
                    .select(organizations::id)
                    .load(conn)
                    .await?;
                match managed.is_empty() {
                    true => Err(Failed(StatusCode::FORBIDDEN)),
                    false => Ok(managed),
                }
            }

            async fn list_plain(
                State(pool): Connections,
                headers: HeaderMap,
                Query(paging): Query<Paging>,
            ) -> Result<Json<Page>, Failed> {
                let conn = &mut *pool.get().await?;
                let managed = caller(&headers, conn).await?;
                let organization = builds::organization_id;
                let scope = || organization.eq_any(&managed).or(organization.is_null());
                let count = builds::table
                    .filter(scope())
                    .count()
                    .get_result(conn)
                    .await?;
                let rows = builds::table
                    .filter(scope())
                    .order((builds::created.desc(), builds::id.desc()))
                    .limit(paging.size())
                    .offset(paging.offset())
                    .select(Build::as_select())
                    .load(conn)
                    .await?;
                Ok(paging.answer(count, rows))
            }

            async fn get_plain(
                State(pool): Connections,
                headers: HeaderMap,
                Path(id): Path<i32>,
            ) -> Result<Json<Build>, Failed> {
                let conn = &mut *pool.get().await?;
                let managed = caller(&headers, conn).await?;
                let organization = builds::organization_id;
                let row = builds::table
                    .find(id)
                    .filter(organization.eq_any(&managed).or(organization.is_null()))
                    .select(Build::as_select())
                    .first(conn)
                    .await
                    .optional()?;
                row.map(Json).ok_or(Failed(StatusCode::NOT_FOUND))
            }

            async fn list_tuned(
                State(pool): Connections,
                headers: HeaderMap,
                Query(paging): Query<Paging>,
            ) -> Result<Json<Page>, Failed> {
                let values = [
                    ("digest", Value::Bytes(digest(&headers)?)),
                    ("now", Value::BigInt(now())),
                ];
                let conn = &mut *pool.get().await?;
                let caller = Text::<(Integer, Bool, Nullable<Integer>)>::new(
                    super::tuned($database, 0).caller,
                    &values,
                );
                let caller: Vec<(i32, bool, Option<i32>)> = caller.load(conn).await?;
                if caller.is_empty() {
                    return Err(Failed(StatusCode::UNAUTHORIZED));
                }
                let managed: Vec<i32> = caller.iter().filter_map(|(.., one)| *one).collect();
                if managed.is_empty() {
                    return Err(Failed(StatusCode::FORBIDDEN));
                }
                let tuned = super::tuned($database, managed.len());
                let values = [
                    ("keys", Value::keys(managed)),
                    ("limit", Value::BigInt(paging.size())),
                    ("offset", Value::BigInt(paging.offset())),
                ];
                let count = Text::<BigInt>::new(tuned.count, &values)
                    .get_result(conn)
                    .await?;
                let rows: Vec<(i32, String, i32, Option<i32>)> =
                    Text::<BuildSql>::new(tuned.rows, &values)
                        .load(conn)
                        .await?;
                Ok(paging.answer(count, rows.into_iter().map(build).collect()))
            }

            async fn get_tuned(
                State(pool): Connections,
                headers: HeaderMap,
                Path(id): Path<i32>,
            ) -> Result<Json<Build>, Failed> {
                let values = [
                    ("digest", Value::Bytes(digest(&headers)?)),
                    ("now", Value::BigInt(now())),
                ];
                let conn = &mut *pool.get().await?;
                let caller =
                    Text::<(Integer, Bool, Bool)>::new(super::tuned($database, 0).manager, &values);
                let caller: Option<(i32, bool, bool)> = caller.get_result(conn).await.optional()?;
                let (user, _, manages) = caller.ok_or(Failed(StatusCode::UNAUTHORIZED))?;
                if !manages {
                    return Err(Failed(StatusCode::FORBIDDEN));
                }
                let values = [("row", Value::Int(id)), ("user", Value::Int(user))];
                let row = Text::<BuildSql>::new(super::tuned($database, 0).row, &values);
                let row = row.get_result(conn).await.optional()?;
                row.map(|row| Json(build(row)))
                    .ok_or(Failed(StatusCode::NOT_FOUND))
            }
        }
    };
}

fn build((id, version, created, organization_id): (i32, String, i32, Option<i32>)) -> Build {
    Build {
        id,
        version,
        created,
        organization_id,
    }
}

services!(postgres, AsyncPgConnection, Database::Postgres);
services!(
    sqlite,
    SyncConnectionWrapper<SqliteConnection>,
    Database::Sqlite
);
