//! What is done without a scope: for a reason, of one model or statement by statement, and seen in the access report and the log.

use axum::Json;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use orgscope::Facts;
use orgscope::axum::Router;
use orgscope::identity::{leave_organization, principal, set_user_active};
use orgscope::policy::Member;
use orgscope::prelude::*;
use orgscope_suite::databases::on_each;
use orgscope_suite::http::Http;

use crate::models::*;
use crate::support::*;

struct Export;

impl UnscopedReason for Export {
    const REASON: &'static str = "the export is for the whole company";
}

struct Statistics;

impl UnscopedReason for Statistics {
    const REASON: &'static str = "operators see numbers | of all organizations";
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[protected(manager)]
async fn export(
    items: Unscoped<Item, Export>,
    groups: Scoped<Group>,
    mut db: Db,
) -> Result<Json<(Vec<i32>, i64)>, ApiError> {
    let all = items
        .rows()
        .select(items::id)
        .order(items::id)
        .load(&mut db)
        .await?;
    // The reason is for items only.
    Ok(Json((all, groups.count(&mut db).await?)))
}

#[protected(anyone)]
async fn statistics(sql: UnscopedSql<Statistics>, mut db: Db) -> Result<Json<i64>, ApiError> {
    let query = diesel::sql_query("SELECT COUNT(*) AS number FROM items");
    let numbers: Vec<Number> = sql.load(query, &mut db).await?;
    Ok(Json(numbers.iter().map(|row| row.number).sum()))
}

#[protected(root)]
async fn clean_up(sql: UnscopedSql<Statistics>, mut db: Db) -> Result<Json<usize>, ApiError> {
    let command = diesel::delete(parts::table.filter(parts::id.eq(9)));
    Ok(Json(sql.execute(command, &mut db).await?))
}

/// Under another name it is not in the report.
type Renamed<R> = UnscopedSql<R>;

#[protected(anyone)]
async fn hidden(_: Renamed<Statistics>) -> &'static str {
    "reached"
}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/export", export)
        .get("/statistics", statistics)
        .delete("/parts", clean_up)
        .get("/hidden", hidden)
}

#[test]
fn leak_33_the_bypass_is_of_one_model_has_a_reason_and_is_seen() {
    let report = router().access_report();
    let text = report.to_string();
    assert!(
        text.contains("**unscoped** Item: the export is for the whole company"),
        "{text}"
    );
    assert!(
        text.contains("**unscoped** statements: operators see numbers \\| of all"),
        "{text}"
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["routes"][0]["unscoped"][0],
        "Item: the export is for the whole company"
    );
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let app = router()
            .into_axum()
            .with_state(Tenancy::new(fresh.pool.clone()));
        let http = Http::serve(app).await;
        let manager = token(&fresh, MANAGER_A).await;
        let answer = http.get("/export", &manager);
        assert_eq!(answer.body, serde_json::json!([[1, 2, 3, 4, 9, 11], 2]));
        // The policy is asked all the same.
        assert_eq!(
            http.get("/export", &token(&fresh, MEMBER_A).await).status,
            403
        );
        fresh
    });
}

#[test]
fn leak_20_raw_sql_takes_a_reason_in_the_signature() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let app = router()
            .into_axum()
            .with_state(Tenancy::new(fresh.pool.clone()));
        let http = Http::serve(app).await;
        assert_eq!(http.ask("GET", "/statistics", None).body, 6);
        let superuser = token(&fresh, SUPERUSER).await;
        let bearer = format!("Bearer {superuser}");
        for gone in [1, 0] {
            assert_eq!(http.ask("DELETE", "/parts", Some(&bearer)).body, gone);
        }
        // What the report does not name does not run.
        assert_eq!(http.ask("GET", "/hidden", None).status, 500);
        fresh
    });
}

#[test]
fn leak_29_jobs_resolve_their_user_again_or_say_why_they_have_none() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        let user = MEMBER_A.0;
        // A job carries the key of its user; what the user may is asked when it runs.
        let mut seen = Vec::new();
        for step in 0..3 {
            match step {
                1 => leave_organization(user, A, conn).await.unwrap(),
                2 => set_user_active(user, false, conn).await.unwrap(),
                _ => {}
            }
            let caller: Option<Principal> =
                principal(user, Facts::MEMBERSHIPS, conn).await.unwrap();
            seen.push(match caller {
                Some(caller) => Some(
                    Scope::<Item>::new::<Member>(&caller)
                        .count(conn)
                        .await
                        .unwrap(),
                ),
                None => None,
            });
        }
        assert_eq!(seen, [Some(2), Some(0), None]);
        // One of the service itself has no user, and says why it sees everything; what it does is in the log.
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        // A closure, because the place is that of the call.
        #[allow(clippy::redundant_closure)]
        let all =
            tracing::subscriber::with_default(subscriber, || Unscoped::<Item, Export>::for_job());
        assert_eq!(all.rows().count(conn).await.unwrap(), 6);
        let text = log.text();
        for part in ["Item", Export::REASON, "unscoped.rs"] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(
            format!("{all:?}"),
            format!(
                "Unscoped {{ model: \"Item\", reason: {:?} }}",
                Export::REASON
            )
        );
        fresh
    });
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Integer)]
    id: i32,
}

#[protected(manager)]
async fn bound(sql: UnscopedSql<Statistics>, mut db: Db) -> Result<Json<Vec<i32>>, ApiError> {
    let query = diesel::sql_query("SELECT id FROM items WHERE id < 3 ORDER BY id");
    let keys: Vec<Key> = sql.load(query, &mut db).await?;
    Ok(Json(keys.iter().map(|row| row.id).collect()))
}

#[test]
fn a_statement_without_a_scope_is_logged_with_its_caller() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let app = Router::new().get("/bound", bound).into_axum();
        let app = app.with_state(Tenancy::new(fresh.pool.clone()));
        let bearer = format!("Bearer {}", token(&fresh, MANAGER_A).await);
        let request = axum::http::Request::get("/bound").header("authorization", bearer);
        let request = request.body(axum::body::Body::empty()).unwrap();
        let answering = tower::ServiceExt::oneshot(app, request);
        let answer =
            tracing::instrument::WithSubscriber::with_subscriber(answering, subscriber).await;
        assert_eq!(answer.unwrap().status(), 200);
        let text = log.text();
        for part in [Statistics::REASON, "handler=\"bound\"", "caller=\"3\""] {
            assert!(text.contains(part), "{text}");
        }
        fresh
    });
}
