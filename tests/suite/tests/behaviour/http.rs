//! Protected handlers over HTTP: who gets what, in which order the checks come, and what an error looks like.

use axum::Json;
use orgscope::axum::Router;
use orgscope::identity::{TokenOptions, issue_token};
use orgscope::prelude::*;
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::Http;
use serde::{Deserialize, Serialize};

use crate::models::*;
use crate::support::*;

#[derive(Serialize)]
struct Shown {
    id: i32,
}

fn shown(items: Vec<Item>) -> Vec<Shown> {
    items
        .into_iter()
        .map(|item| Shown { id: item.id })
        .collect()
}

#[protected(manager)]
async fn list(rows: Scoped<Item>, paging: Paging, mut db: Db) -> Result<Json<Page<i32>>, ApiError> {
    let page = rows
        .select(items::id)
        .page(paging, items::id, &mut db)
        .await?;
    Ok(Json(page))
}

#[protected(member)]
async fn get(item: Object<Item>) -> Json<Shown> {
    Json(Shown { id: item.id })
}

#[protected(member, hidden = forbidden)]
async fn get_openly(item: Object<Item>) -> Json<Shown> {
    Json(Shown { id: item.id })
}

#[derive(Deserialize)]
struct Body {
    number: i32,
}

/// The body is the first and only argument: it must not be read before the check.
#[protected(manager)]
async fn echo(Json(body): Json<Body>) -> String {
    body.number.to_string()
}

#[protected(authenticated)]
async fn no_arguments() -> &'static str {
    "logged in"
}

#[protected(anyone)]
async fn open(
    caller: Option<Principal>,
    rows: Scoped<Item>,
    mut db: Db,
) -> Result<Json<(bool, Vec<Shown>)>, ApiError> {
    Ok(Json((caller.is_some(), shown(rows.load(&mut db).await?))))
}

#[protected(owner, org_field = "group.organization")]
async fn who(
    Principal { .. }: Principal,
    mut db: Db,
    rows: Scoped<Item>,
) -> Result<Json<i64>, ApiError> {
    Ok(Json(rows.count(&mut db).await?))
}

fn router() -> Router<Tenancy> {
    let nested = Router::new().get("/items/{id}", get);
    Router::new()
        .get("/items", list)
        .get("/openly/{id}", get_openly)
        .post("/echo", echo)
        .get("/plain", no_arguments)
        .get("/open", open)
        .get("/who", who)
        .get("/health", public("liveness", async || "up"))
        .merge(Router::new().get("/items/{id}", get))
        .nest("/v2", nested)
}

struct Service {
    http: Http,
    tokens: Vec<String>,
}

impl Service {
    async fn start(fresh: &Fresh) -> Service {
        seed(fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let mut tokens = Vec::new();
        let conn = &mut connection(fresh).await;
        for (id, ..) in USERS {
            let options = TokenOptions {
                name: "test".into(),
                expires_at: None,
                ..TokenOptions::default()
            };
            tokens.push(
                issue_token(id, options, conn)
                    .await
                    .unwrap()
                    .reveal()
                    .to_owned(),
            );
        }
        let tenancy = Tenancy::new(fresh.pool.clone());
        let http = Http::serve(router().into_axum().with_state(tenancy)).await;
        Service { http, tokens }
    }

    fn token(&self, user: User) -> &str {
        let at = USERS.iter().position(|one| *one == user).unwrap();
        &self.tokens[at]
    }

    fn get(&self, path: &str, user: User) -> orgscope_suite::http::Answer {
        self.http.get(path, self.token(user))
    }
}

#[test]
fn answers_differ_by_caller() {
    on_each(async |fresh| {
        let service = Service::start(&fresh).await;
        let page = service.get("/items", MANAGER_A);
        assert_eq!(page.body["results"], serde_json::json!([1, 4, 11]));
        assert_eq!(page.body["count"], 3);
        assert_eq!(
            service.get("/items", MANAGER_B).body["results"],
            serde_json::json!([2, 4])
        );
        assert_eq!(service.get("/items", SUPERUSER).body["count"], 6);
        let refused = service.get("/items", MEMBER_A);
        assert_eq!(
            (refused.status, refused.body["reason"].as_str()),
            (403, Some("role_manager"))
        );
        assert_eq!(service.get("/items/1", MEMBER_A).status, 200);
        assert_eq!(service.get("/v2/items/1", MEMBER_A).status, 200);
        assert_eq!(service.get("/openly/2", MEMBER_A).status, 403);
        assert_eq!(service.get("/openly/77", MEMBER_A).status, 404);
        assert_eq!(service.get("/who", OWNER_A_MEMBER_B).body, 3);
        assert_eq!(service.get("/plain", NOBODY).text, "logged in");
        assert_eq!(service.http.ask("GET", "/health", None).text, "up");
        assert_eq!(
            service.http.ask("GET", "/open", None).body,
            serde_json::json!([false, []])
        );
        let mine = service.get("/open", MEMBER_A).body;
        assert_eq!(mine, serde_json::json!([true, [{"id": 1}, {"id": 11}]]));
        let head = service.http.ask(
            "HEAD",
            "/items/1",
            Some(&format!("Bearer {}", service.token(MEMBER_A))),
        );
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        fresh
    });
}

#[test]
fn leak_19_hidden_missing_and_malformed_are_the_same_bytes() {
    on_each(async |fresh| {
        let service = Service::start(&fresh).await;
        let missing = service.get("/items/77", MEMBER_A);
        assert_eq!(missing.status, 404);
        assert_eq!(
            missing.media_type.as_deref(),
            Some("application/problem+json")
        );
        let ids = [
            "2",
            "3",
            "4",
            "9",
            "malformed",
            "+1",
            "01x",
            "%00",
            "%ff",
            "99999999999999999999",
            "1%20",
            "-1",
            "١",
        ];
        for id in ids {
            assert_eq!(
                service.get(&format!("/items/{id}"), MEMBER_A),
                missing,
                "{id}"
            );
        }
        fresh
    });
}

#[test]
fn leak_31_the_caller_is_checked_before_anything_is_read() {
    on_each(async |fresh| {
        let service = Service::start(&fresh).await;
        // No body at all: somebody who passes would get 415 or 400.
        let nobody = service.http.ask("POST", "/echo", None);
        assert_eq!(
            (nobody.status, nobody.challenge.as_deref()),
            (401, Some("Bearer"))
        );
        let post = |user| {
            service.http.ask(
                "POST",
                "/echo",
                Some(&format!("Bearer {}", service.token(user))),
            )
        };
        assert_eq!(post(MEMBER_A).status, 403);
        assert_eq!(post(MANAGER_A).status, 415);
        // A bad page number is the caller's business only once the caller may list.
        assert_eq!(service.get("/items?page=0", MEMBER_A).status, 403);
        assert_eq!(service.get("/items?page=0", MANAGER_A).status, 400);
        fresh
    });
}

#[test]
fn leak_35_bad_credentials_are_final_and_all_the_same() {
    on_each(async |fresh| {
        let service = Service::start(&fresh).await;
        let token = service.token(MEMBER_A).to_owned();
        let unknown = service.http.ask("GET", "/plain", Some("Bearer 0000"));
        assert_eq!(
            (unknown.status, unknown.body["reason"].as_str()),
            (401, Some("authentication_failed"))
        );
        assert_eq!(unknown.challenge.as_deref(), Some("Bearer"));
        for header in [
            "Bearer",
            "Bearer a b",
            &format!("Bearer {}", token.to_uppercase()),
            &format!("Bearer {token} x"),
        ] {
            assert_eq!(
                service.http.ask("GET", "/plain", Some(header)),
                unknown,
                "{header}"
            );
            // Also where a login is not needed.
            assert_eq!(
                service.http.ask("GET", "/open", Some(header)),
                unknown,
                "{header}"
            );
        }
        fresh
            .batch("UPDATE users SET is_active = FALSE WHERE id = 2")
            .await;
        assert_eq!(service.get("/plain", MEMBER_A), unknown);
        fresh
            .batch("UPDATE users SET is_active = TRUE WHERE id = 2")
            .await;
        assert_eq!(service.get("/plain", MEMBER_A).status, 200);
        fresh
            .batch("UPDATE tokens SET expires_at = 1 WHERE user_id = 2")
            .await;
        assert_eq!(service.get("/plain", MEMBER_A), unknown);
        let none = service.http.ask("GET", "/plain", Some("Basic abc"));
        assert_eq!(none.body["reason"], "not_authenticated");
        fresh
    });
}

#[test]
fn leak_27_memberships_are_never_stale() {
    on_each(async |fresh| {
        let service = Service::start(&fresh).await;
        assert_eq!(service.get("/items/1", MEMBER_A).status, 200);
        fresh
            .batch("UPDATE organizations SET is_active = FALSE WHERE id = 10")
            .await;
        assert_eq!(service.get("/items/1", MEMBER_A).status, 404);
        assert_eq!(service.get("/items", MANAGER_A).status, 403);
        fresh.batch("UPDATE organizations SET is_active = TRUE WHERE id = 10; UPDATE memberships SET role = 2 WHERE user_id = 2;").await;
        assert_eq!(service.get("/items", MEMBER_A).body["count"], 3);
        fresh
            .batch("DELETE FROM memberships WHERE user_id = 2")
            .await;
        assert_eq!(service.get("/items/1", MEMBER_A).status, 404);
        fresh
    });
}

#[test]
fn the_last_use_of_a_token_is_noted() {
    use diesel::prelude::*;
    diesel::table! { tokens (id) { id -> BigInt, user_id -> Integer, last_used_at -> Nullable<BigInt> } }
    on_each(async |fresh| {
        if fresh.database != orgscope::dialect::Database::Sqlite {
            return fresh;
        }
        let service = Service::start(&fresh).await;
        let mut conn = SqliteConnection::establish(fresh.url()).unwrap();
        let mut last_use = |user: User| {
            let of_user = tokens::table.filter(tokens::user_id.eq(user.0));
            of_user
                .select(tokens::last_used_at)
                .first::<Option<i64>>(&mut conn)
                .unwrap()
        };
        service.get("/plain", MEMBER_A);
        for _ in 0..200 {
            if last_use(MEMBER_A).is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(last_use(MEMBER_A) > Some(1_700_000_000));
        assert_eq!(last_use(MANAGER_A), None);
        fresh
    });
}

#[test]
fn pages_have_links() {
    on_each(async |fresh| {
        let service = Service::start(&fresh).await;
        let first = service.get("/items?page_size=2&name=x%26y", MANAGER_A).body;
        assert_eq!(first["results"], serde_json::json!([1, 4]));
        assert_eq!(first["previous"], serde_json::Value::Null);
        let next = first["next"].as_str().unwrap();
        assert_eq!(next, "/items?page_size=2&name=x%26y&page=2");
        let second = service.get(next, MANAGER_A).body;
        assert_eq!(
            (second["results"].clone(), second["next"].clone()),
            (serde_json::json!([11]), serde_json::Value::Null)
        );
        let beyond = service.get("/items?page=4294967295&page_size=100", MANAGER_A);
        assert_eq!(
            (beyond.status, beyond.body["results"].clone()),
            (200, serde_json::json!([]))
        );
        for bad in [
            "page=-1",
            "page=x",
            "page_size=0",
            "page_size=101",
            "page=99999999999",
        ] {
            assert_eq!(
                service.get(&format!("/items?{bad}"), MANAGER_A).status,
                400,
                "{bad}"
            );
        }
        fresh
    });
}

/// A connection that the server has closed is an outage for one request at most, and leaves the pool.
#[test]
fn a_connection_that_is_gone_is_replaced() {
    use orgscope::dialect::Database;
    use orgscope::pool::Pool;
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let pool = orgscope::AnyPool::connect(fresh.url(), 1).unwrap();
        let count = async || {
            let mut conn = pool.connection().await?;
            orgscope::Scope::<Item>::new::<policy::Member>(&loaded(MEMBER_A))
                .count(&mut conn)
                .await
        };
        assert_eq!(count().await.unwrap(), 2);
        match fresh.database {
            Database::Sqlite => return fresh,
            Database::Postgres => {
                fresh.batch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").await;
            }
            Database::Mysql => {
                let mut conn = pool.connection().await.unwrap();
                conn.batch_execute("SET SESSION wait_timeout = 1")
                    .await
                    .unwrap();
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
        match count().await {
            Ok(rows) => assert_eq!(rows, 2),
            Err(error) => assert!(matches!(error, Error::Unavailable(_)), "{error:?}"),
        }
        assert_eq!(count().await.unwrap(), 2);
        fresh
    });
}

#[test]
fn a_database_that_is_down_is_503_and_not_a_denial() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        // Nothing listens there.
        for url in [
            "postgres://postgres@127.0.0.1:9/none",
            "mysql://root@127.0.0.1:9/none",
            "/nowhere/none.sqlite",
        ] {
            let tenancy = Tenancy::new(orgscope::AnyPool::connect(url, 1).unwrap());
            let http = Http::serve(router().into_axum().with_state(tenancy)).await;
            let answer = http.get("/items", "token");
            assert_eq!(
                (answer.status, answer.media_type.as_deref()),
                (503, Some("application/problem+json"))
            );
            assert_eq!(http.ask("GET", "/items", None).status, 401);
        }
    });
}

/// Middleware before the router reads arguments, too; the router knows more than it.
#[test]
fn arguments_are_read_before_routing_and_after_it() {
    async fn counting(
        paging: Paging,
        request: axum::extract::Request,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        assert!(format!("{paging:?}").contains("/api/"), "{paging:?}");
        next.run(request).await
    }
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let api = router()
            .into_axum()
            .with_state(Tenancy::new(fresh.pool.clone()));
        let app = axum::Router::new()
            .nest_service("/api", api)
            .layer(axum::middleware::from_fn(counting));
        let http = Http::serve(app).await;
        let token = token(&fresh, MANAGER_A).await;
        assert_eq!(http.get("/api/items/1", &token).status, 200);
        assert_eq!(http.get("/api/items", &token).body["count"], 3);
        fresh
    });
}
