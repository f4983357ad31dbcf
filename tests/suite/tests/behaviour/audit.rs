//! The auditor finds what goes around a scope. That it finds nothing elsewhere is asked of every test, when its database is removed.

use axum::Json;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use orgscope::AnyPool;
use orgscope::audit::{Auditor, UNSCOPED};
use orgscope::axum::Router;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope_suite::databases::on_each;
use orgscope_suite::http::Http;

use crate::models::*;
use crate::support::*;

/// A condition may ask another table without its scope.
#[protected(member)]
async fn with_countries(items: Scoped<Item>, mut db: Db) -> Result<Json<i64>, ApiError> {
    let with_countries = items::id.eq_any(countries::table.select(countries::id));
    Ok(Json(items.filter(with_countries).count(&mut db).await?))
}

#[protected(member)]
pub async fn list(items: Scoped<Item>, mut db: Db) -> Result<Json<i64>, ApiError> {
    Ok(Json(items.count(&mut db).await?))
}

struct Statistics;

impl UnscopedReason for Statistics {
    const REASON: &'static str = "operators see numbers of all organizations";
}

#[derive(QueryableByName)]
pub struct Number {
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

#[protected(member)]
async fn on_purpose(sql: UnscopedSql<Statistics>, mut db: Db) -> Result<Json<i64>, ApiError> {
    let query = diesel::sql_query("SELECT COUNT(*) AS number FROM items");
    let raw: Vec<Number> = sql.load(query, &mut db).await?;
    let typed: Vec<i64> = sql.load(parts::table.count(), &mut db).await?;
    Ok(Json(raw[0].number + typed[0]))
}

#[test]
fn an_injected_leak_is_found() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let auditor = Auditor::new();
        let pool = AnyPool::connect_audited(fresh.url(), 2, &auditor).unwrap();
        let router = Router::new()
            .get("/with-countries", with_countries)
            .get("/list", list)
            .get("/on-purpose", on_purpose);
        let app = router.into_axum().with_state(Tenancy::new(pool.clone()));
        let http = Http::serve(app).await;

        let token = token(&fresh, MEMBER_A).await;
        for path in ["/list", "/on-purpose"] {
            assert_eq!(http.get(path, &token).status, 200);
        }
        assert_eq!(auditor.findings(), []);

        assert_eq!(http.get("/with-countries", &token).status, 200);
        let found = auditor.findings();
        let tables: Vec<&str> = found.iter().map(|one| one.table.as_str()).collect();
        assert_eq!(tables, ["countries"], "{found:?}");
        assert!(!found[0].sql.contains("binds"), "{found:?}");

        let mut conn = pool.connection().await.unwrap();
        conn.batch_execute("DELETE FROM parts WHERE id = 0")
            .await
            .unwrap();
        assert_eq!(auditor.findings().len(), 2);
        let allowed = format!("{UNSCOPED} DELETE FROM parts WHERE id = 0");
        conn.batch_execute(&allowed).await.unwrap();
        assert_eq!(auditor.findings().len(), 2);
        fresh
    });
}

#[test]
fn tables_without_a_model_can_be_named() {
    on_each(async |fresh| {
        fresh
            .batch("CREATE TABLE outbox (id INTEGER PRIMARY KEY)")
            .await;
        let auditor = Auditor::new().except("outbox");
        let pool = AnyPool::connect_audited(fresh.url(), 1, &auditor).unwrap();
        let mut conn = pool.connection().await.unwrap();
        conn.batch_execute("DELETE FROM outbox").await.unwrap();
        assert_eq!(auditor.findings(), []);
        fresh
    });
}
