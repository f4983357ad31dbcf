//! Services on each kind of pool: lists, single rows, writes and transactions; connections that were given up; nothing free.

use std::time::Duration;

use axum::Json;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use orgscope::AnyPool;
use orgscope::axum::Router;
use orgscope::dialect::Database;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope::transaction::Transaction;
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::Http;
use serde_json::json;

use crate::support::*;

diesel::table! { jars (id) { id -> Integer, label -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = jars)]
pub struct Jar {
    id: i32,
    label: String,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = jars)]
#[org_input(model = Jar)]
pub struct NewJar {
    id: i32,
    label: String,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = jars)]
#[org_changeset(model = Jar)]
pub struct JarChanges {
    label: Option<String>,
}

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_millis(500);

/// One jar of either organization.
async fn with_jars(fresh: &Fresh) -> String {
    seed(fresh).await;
    fresh
        .batch(
            "CREATE TABLE jars (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(20) NOT NULL, organization_id INTEGER NOT NULL);
             INSERT INTO jars VALUES (1, 'honey', 10), (2, 'salt', 20);",
        )
        .await;
    token(fresh, MANAGER_A).await
}

/// A service on a pool of that type, and what has to hold for it. The pool has one connection. A macro, because what a model asks of a
/// connection has no name.
macro_rules! served_by {
    ($name:ident, $pool:ty) => {
        mod $name {
            use super::*;

            #[protected(member)]
            async fn list(
                jars: Scoped<Jar>,
                paging: Paging,
                mut db: Db<$pool>,
            ) -> Result<Json<Page<Jar>>, ApiError> {
                Ok(Json(jars.page(paging, jars::id, &mut db).await?))
            }

            #[protected(member)]
            async fn get(jar: Object<Jar>) -> Json<Jar> {
                Json(jar.into_inner())
            }

            /// The second statement may be refused after the first has written.
            #[protected(manager)]
            async fn add_and_rename(
                jars: Scoped<Jar>,
                mut db: Db<$pool>,
                input: Input<NewJar>,
            ) -> Result<Json<usize>, ApiError> {
                let (first, second) = (jars.clone(), jars);
                let renamed = db
                    .transaction(async |tx| {
                        first.insert(input).execute(tx).await?;
                        let label = Some("renamed".to_owned());
                        second.find(77).update(JarChanges { label }).execute(tx).await
                    })
                    .await?;
                Ok(Json(renamed))
            }

            /// Gives a transaction up after it has written, and goes on with the same handle.
            #[protected(manager)]
            async fn give_up_and_add(
                jars: Scoped<Jar>,
                mut db: Db<$pool>,
            ) -> Result<Json<usize>, ApiError> {
                let jar = |id| NewJar { id, label: "later".into(), organization_id: A };
                let given_up = db.transaction(async |tx| {
                    jars.clone().insert(jar(5)).execute(tx).await?;
                    std::future::pending::<Result<(), Error>>().await
                });
                assert!(tokio::time::timeout(PATIENCE / 5, given_up).await.is_err());
                Ok(Json(jars.insert(jar(6)).execute(&mut db).await?))
            }

            pub async fn check(fresh: &Fresh, pool: $pool, slow: Option<&str>) {
                let token = with_jars(fresh).await;
                let routes = Router::new()
                    .get("/jars", list)
                    .post("/jars", add_and_rename)
                    .post("/jars/later", give_up_and_add)
                    .get("/jars/{id}", get);
                let tenancy = Tenancy::<$pool>::bundled::<i32>(pool.clone());
                let http = Http::serve(routes.into_axum().with_state(tenancy)).await;
                let listed = || http.get("/jars", &token).body["count"].clone();
                assert_eq!(listed(), 1);
                assert_eq!(http.get("/jars/1", &token).status, 200);
                assert_eq!(http.get("/jars/2", &token).status, 404);
                let add = |id: i32, organization: i32| {
                    let jar = json!({"id": id, "label": "new", "organization_id": organization});
                    http.json("POST", "/jars", &token, &jar).status
                };
                assert_eq!(add(3, B), 400);
                assert_eq!(add(3, A), 404, "nothing to rename");
                assert_eq!(listed(), 1, "what was added is undone");
                assert_eq!(add(77, A), 200);
                assert_eq!(listed(), 2);

                let later = http.json("POST", "/jars/later", &token, &json!({}));
                assert_eq!((later.status, later.body), (200, json!(1)));
                assert_eq!(listed(), 3, "what came after the transaction is there, and nothing of it");

                // A transaction that its request left open.
                let jars = || Scope::<Jar>::new::<policy::Manager>(&loaded(MANAGER_A));
                let mut conn = pool.connection().await.unwrap();
                conn.begin().await.unwrap();
                let jar = NewJar { id: 4, label: "left open".into(), organization_id: A };
                assert_eq!(jars().insert(jar).execute(&mut conn).await.unwrap(), 1);
                assert_eq!(http.get("/jars", &token).status, 503, "no connection is free");
                drop(conn);
                assert_eq!(listed(), 3, "what was left open is undone");

                // A statement that its request gave up.
                if let Some(slow) = slow {
                    let mut conn = pool.connection().await.unwrap();
                    let slow = jars().filter(sql::<Bool>(slow)).load(&mut conn);
                    assert!(tokio::time::timeout(PATIENCE / 5, slow).await.is_err());
                    drop(conn);
                    assert_eq!(listed(), 3, "the answer of another statement");
                }
            }
        }
    };
}

type Bb8<C> = diesel_async::pooled_connection::bb8::Pool<C>;
type Mobc<C> = diesel_async::pooled_connection::mobc::Pool<C>;
type Blocking = diesel::r2d2::ConnectionManager<SqliteConnection>;

served_by!(any, AnyPool);
served_by!(bb8_postgres, Bb8<AsyncPgConnection>);
served_by!(bb8_mysql, Bb8<AsyncMysqlConnection>);
served_by!(mobc_postgres, Mobc<AsyncPgConnection>);
served_by!(mobc_mysql, Mobc<AsyncMysqlConnection>);
served_by!(r2d2, diesel::r2d2::Pool<Blocking>);
served_by!(
    deadpool_diesel,
    ::deadpool_diesel::Pool<::deadpool_diesel::Manager<SqliteConnection>>
);

const SLEEPS_ON_POSTGRES: &str = "pg_sleep(2) IS NOT NULL";
const SLEEPS_ON_MYSQL: &str = "SLEEP(2) = 0";

#[test]
fn pools_of_a_url() {
    on_each(async |fresh| {
        let pool = AnyPool::connect(fresh.url(), 1).unwrap();
        let slow = match fresh.database {
            Database::Postgres => Some(SLEEPS_ON_POSTGRES),
            Database::Mysql => Some(SLEEPS_ON_MYSQL),
            _ => None,
        };
        any::check(&fresh, pool, slow).await;
        fresh
    });
}

#[test]
fn pools_of_bb8() {
    macro_rules! pool {
        ($url:expr) => {
            Bb8::builder()
                .max_size(1)
                .connection_timeout(PATIENCE)
                .build(AsyncDieselConnectionManager::new($url))
                .await
                .unwrap()
        };
    }
    on_each(async |fresh| {
        match fresh.database {
            Database::Postgres => {
                let pool = pool!(fresh.url());
                bb8_postgres::check(&fresh, pool, Some(SLEEPS_ON_POSTGRES)).await;
            }
            Database::Mysql => {
                let pool = pool!(fresh.url());
                bb8_mysql::check(&fresh, pool, Some(SLEEPS_ON_MYSQL)).await;
            }
            _ => {}
        }
        fresh
    });
}

#[test]
fn pools_of_mobc() {
    macro_rules! pool {
        ($url:expr) => {
            Mobc::builder()
                .max_open(1)
                .get_timeout(Some(PATIENCE))
                .build(AsyncDieselConnectionManager::new($url))
        };
    }
    on_each(async |fresh| {
        match fresh.database {
            Database::Postgres => {
                let pool = pool!(fresh.url());
                mobc_postgres::check(&fresh, pool, Some(SLEEPS_ON_POSTGRES)).await;
            }
            Database::Mysql => {
                let pool = pool!(fresh.url());
                mobc_mysql::check(&fresh, pool, Some(SLEEPS_ON_MYSQL)).await;
            }
            _ => {}
        }
        fresh
    });
}

/// Diesel's own connections, whose statements run on threads.
#[test]
fn pools_of_synchronous_connections() {
    on_each(async |fresh| {
        if fresh.database == Database::Sqlite {
            let pool = diesel::r2d2::Pool::builder()
                .max_size(1)
                .connection_timeout(PATIENCE)
                .build(Blocking::new(fresh.url()))
                .unwrap();
            r2d2::check(&fresh, pool, None).await;
        }
        fresh
    });
    on_each(async |fresh| {
        if fresh.database == Database::Sqlite {
            let runtime = ::deadpool_diesel::Runtime::Tokio1;
            let manager = ::deadpool_diesel::Manager::new(fresh.url(), runtime);
            let pool = ::deadpool_diesel::Pool::builder(manager)
                .max_size(1)
                .wait_timeout(Some(PATIENCE))
                .runtime(runtime)
                .build()
                .unwrap();
            deadpool_diesel::check(&fresh, pool, None).await;
        }
        fresh
    });
}
