//! Other key types than `i32`, for users and organizations.

use diesel::prelude::*;
use orgscope::identity::{
    Migrations, NewOrganization, NewUser, TokenOptions, add_membership, add_organization, add_user,
    issue_token, principal,
};
use orgscope::policy::Member;
use orgscope::prelude::*;
use orgscope::{AnyPool, Facts};
use orgscope_suite::databases::on_each;
use orgscope_suite::http::Http;
use uuid::Uuid;

use crate::support::connection;

diesel::table! { letters (id) { id -> Text, organization_id -> Text } }
diesel::table! { ledgers (id) { id -> BigInt, organization_id -> Nullable<BigInt> } }
diesel::table! { devices (id) { id -> Uuid, organization_id -> Uuid } }

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = letters)]
struct Letter {
    id: String,
    organization_id: String,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = ledgers)]
#[org_scoped(shared = read)]
struct Ledger {
    id: i64,
    organization_id: Option<i64>,
}

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = devices)]
struct Device {
    id: Uuid,
    organization_id: Uuid,
}

fn organization<K>(id: K, slug: &str) -> NewOrganization<K> {
    let (name, slug) = (slug.to_owned(), slug.to_owned());
    NewOrganization {
        id,
        name,
        slug,
        is_active: true,
    }
}

fn user<U>(id: U) -> NewUser<U> {
    NewUser {
        id,
        username: "u".into(),
        is_active: true,
        is_superuser: false,
    }
}

fn token() -> TokenOptions {
    TokenOptions {
        name: "t".into(),
        expires_at: None,
        ..TokenOptions::default()
    }
}

#[protected(member)]
async fn list_letters(
    rows: Scoped<Letter>,
    mut db: Db,
) -> Result<axum::Json<Vec<Letter>>, ApiError> {
    Ok(axum::Json(rows.load(&mut db).await?))
}

#[protected(member)]
async fn get_letter(row: Object<Letter>) -> axum::Json<Letter> {
    axum::Json(row.into_inner())
}

#[test]
fn text_keys_of_organizations_and_big_ones_of_users() {
    on_each(async |fresh| {
        fresh
            .batch(&Migrations::<i64, String>::new().up(fresh.database))
            .await;
        fresh
            .batch(
                "CREATE TABLE letters (id VARCHAR(20), organization_id VARCHAR(20));
                    INSERT INTO letters VALUES ('x', 'a'), ('y', 'b'), ('z', 'A');",
            )
            .await;
        let conn = &mut connection(&fresh).await;
        for slug in ["a", "b"] {
            add_organization(organization(slug.to_owned(), slug), conn)
                .await
                .unwrap();
        }
        add_user(user(5_000_000_000_i64), conn).await.unwrap();
        add_membership(5_000_000_000_i64, "a".to_owned(), Role::Member, conn)
            .await
            .unwrap();
        let secret = issue_token(5_000_000_000_i64, token(), conn).await.unwrap();
        let tenancy = Tenancy::<AnyPool, String>::bundled::<i64>(fresh.pool.clone());
        let router = orgscope::axum::Router::new()
            .get("/letters", list_letters)
            .get("/letters/{id}", get_letter);
        let http = Http::serve(router.into_axum().with_state(tenancy)).await;
        let listed = http.get("/letters", secret.reveal()).body;
        // Another organization's row, whose key differs in case only: MySQL's collations take one for the other.
        assert_eq!(
            listed,
            serde_json::json!([{"id": "x", "organization_id": "a"}])
        );
        assert_eq!(http.get("/letters/z", secret.reveal()).status, 404);
        assert_eq!(http.get("/letters/x", secret.reveal()).status, 200);
        assert_eq!(http.get("/letters/y", secret.reveal()).status, 404);
        assert_eq!(http.get("/letters/%00", secret.reveal()).status, 404);
        assert_eq!(http.get("/letters/%ff", secret.reveal()).status, 404);
        fresh
    });
}

#[test]
fn big_keys_of_organizations_and_text_keys_of_users() {
    on_each(async |fresh| {
        fresh
            .batch(&Migrations::<String, i64>::new().up(fresh.database))
            .await;
        fresh
            .batch(
                "CREATE TABLE ledgers (id BIGINT, organization_id BIGINT);
                    INSERT INTO ledgers VALUES (1, 7000000000), (2, 8000000000), (3, NULL);",
            )
            .await;
        let conn = &mut connection(&fresh).await;
        for (id, slug) in [(7_000_000_000_i64, "a"), (8_000_000_000, "b")] {
            add_organization(organization(id, slug), conn)
                .await
                .unwrap();
        }
        add_user(user("ada".to_owned()), conn).await.unwrap();
        add_membership("ada".to_owned(), 7_000_000_000_i64, Role::Owner, conn)
            .await
            .unwrap();
        for facts in [Facts::CALLER, Facts::MEMBERSHIPS] {
            let caller: Principal<i64> = principal("ada".to_owned(), facts, conn)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(caller.highest_role(), Some(Role::Owner));
            let scope = Scope::<Ledger>::new::<Member>(&caller);
            let rows = scope.clone().order(ledgers::id).load(conn).await.unwrap();
            assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 3]);
            assert!(scope.clone().get(3, conn).await.is_ok());
            assert!(scope.get(2, conn).await.is_err());
        }
        assert!(
            principal::<_, i64, _, _>("bob".to_owned(), Facts::CALLER, conn)
                .await
                .unwrap()
                .is_none()
        );
        fresh
    });
}

type PgPool = diesel_async::pooled_connection::deadpool::Pool<diesel_async::AsyncPgConnection>;

#[protected(member)]
async fn list_devices(
    rows: Scoped<Device>,
    mut db: Db<PgPool>,
) -> Result<axum::Json<Vec<Device>>, ApiError> {
    Ok(axum::Json(rows.load(&mut db).await?))
}

#[protected(member)]
async fn get_device(row: Object<Device>) -> axum::Json<Device> {
    axum::Json(row.into_inner())
}

/// UUIDs are PostgreSQL's; a pool of one database's connections serves a router, too.
#[test]
fn uuids() {
    use diesel_async::pooled_connection::AsyncDieselConnectionManager;
    on_each(async |fresh| {
        if fresh.database != orgscope::dialect::Database::Postgres {
            return fresh;
        }
        let (a, b, me) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        fresh
            .batch(&Migrations::<Uuid, Uuid>::new().up(fresh.database))
            .await;
        fresh
            .batch(&format!("CREATE TABLE devices (id UUID, organization_id UUID); INSERT INTO devices VALUES ('{a}', '{a}'), ('{b}', '{b}');"))
            .await;
        let manager =
            AsyncDieselConnectionManager::<diesel_async::AsyncPgConnection>::new(fresh.url());
        let pool: PgPool = diesel_async::pooled_connection::deadpool::Pool::builder(manager)
            .build()
            .unwrap();
        let conn = &mut pool.get().await.unwrap();
        add_organization(organization(a, "a"), conn).await.unwrap();
        add_organization(organization(b, "b"), conn).await.unwrap();
        add_user(user(me), conn).await.unwrap();
        add_membership(me, a, Role::Member, conn).await.unwrap();
        let secret = issue_token(me, token(), conn).await.unwrap();
        let tenancy = Tenancy::<PgPool, Uuid>::bundled::<Uuid>(pool.clone());
        let router = orgscope::axum::Router::new()
            .get("/devices", list_devices)
            .get("/devices/{id}", get_device);
        let http = Http::serve(router.into_axum().with_state(tenancy)).await;
        let listed = http.get("/devices", secret.reveal()).body;
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            http.get(&format!("/devices/{a}"), secret.reveal()).status,
            200
        );
        assert_eq!(
            http.get(&format!("/devices/{b}"), secret.reveal()).status,
            404
        );
        assert_eq!(http.get("/devices/malformed", secret.reveal()).status, 404);
        fresh
    });
}
