//! What actix does otherwise than axum, so that it has to be brought to the same answers. What they have in common, the recorded decisions ask of both.

use std::net::Ipv4Addr;

use actix_web::web::{Json, Query};
use axum::http::request::Parts;
use diesel::prelude::*;
use orgscope::AnyPool;
use orgscope::actix::{FromHead, Router, login};
use orgscope::authenticate::Sessions;
use orgscope::identity::{LinkOptions, issue_link};
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope::signing::SigningKey;
use orgscope_suite::databases::on_each;
use orgscope_suite::http::Http;
use serde::Deserialize;
use serde_json::json;

use crate::models::{Group, Item, groups, items, rows};
use crate::support::*;

#[derive(OrgInput)]
#[org_input(model = Group)]
#[diesel(table_name = groups)]
struct NewGroup {
    id: i32,
    organization_id: i32,
}

/// An argument of the service's own.
struct Language(String);

impl<S: Sync> FromHead<S> for Language {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let header = parts.headers.get("accept-language");
        let language = header.and_then(|value| value.to_str().ok());
        Ok(Language(language.unwrap_or("en").to_owned()))
    }
}

#[derive(Deserialize)]
struct Wanted {
    name: String,
}

/// Arguments of orgscope, of the service and of actix, side by side.
#[protected(member)]
async fn named(
    items: Scoped<Item>,
    Language(language): Language,
    wanted: Query<Wanted>,
    mut db: Db,
) -> Result<Json<(String, Vec<i32>)>, ApiError> {
    let items = items.filter(items::name.eq(wanted.into_inner().name));
    let ids = items.order(items::id).select(items::id);
    let ids: Vec<i32> = ids.load(&mut db).await?;
    Ok(Json((language, ids)))
}

#[protected(member)]
async fn newest() -> &'static str {
    "newest"
}

#[protected(member)]
async fn one(item: Object<Item>) -> String {
    item.name.clone()
}

diesel::table! { labels (name) { name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = labels, primary_key(name))]
struct Label {
    name: String,
}

/// A row with a text for a key.
#[protected(member)]
async fn label(label: Object<Label>) -> String {
    label.name.clone()
}

#[protected(manager)]
async fn create(
    groups: Scoped<Group>,
    mut db: Db,
    input: Input<NewGroup>,
) -> Result<String, Error> {
    groups.insert(input).execute(&mut db).await?;
    Ok("created".to_owned())
}

#[protected(member)]
async fn below(group: Parent<Group>, items: Scoped<Item>, mut db: Db) -> Result<String, ApiError> {
    Ok(format!("{} {}", group.id, items.count(&mut db).await?))
}

async fn health() -> &'static str {
    "up"
}

fn routes() -> Router<Tenancy> {
    Router::new()
        .get("/items", named)
        .get("/items/{id}", one)
        .get("/items/newest", newest)
        .post("/groups", create)
        .get("/labels/{name}", label)
        .under("/groups/{group_id}", Router::new().get("/items", below))
        .nest(
            "/probes",
            Router::new().get("/health", public("liveness", health)),
        )
}

#[test]
fn actix_answers_as_axum_does() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let http = Http::serve_actix(routes().into_actix(Tenancy::new(fresh.pool.clone())));
        let (member, manager) = (
            token(&fresh, MEMBER_A).await,
            token(&fresh, MANAGER_A).await,
        );
        let get = |path: &str| http.get(path, &member);
        let named = get("/items?name=a");
        assert_eq!(
            (named.status, &named.body),
            (200, &json!(["en", [1, 11]])),
            "{named:?}"
        );
        // A fixed word comes before a parameter, in whatever order they are routed.
        assert_eq!(get("/items/newest").text, "newest");
        assert_eq!(get("/items/1").text, "a");
        for path in [
            "/items/2",
            "/items/01",
            "/items/%FF",
            "/items/1%2F",
            "/groups/2/items",
            "/groups/x/items",
        ] {
            let answer = get(path);
            assert_eq!(
                (answer.status, &answer.body["detail"]),
                (404, &"There is no such object.".into()),
                "{path}"
            );
        }
        assert_eq!(get("/groups/1/items").text, "1 2");
        // One text for one key, and a key for every text.
        fresh
            .batch(&format!(
                "CREATE TABLE labels (name VARCHAR(20) NOT NULL PRIMARY KEY, organization_id INTEGER NOT NULL);
                 INSERT INTO labels VALUES ('a/b+%41', {A}), ('A', {A}), ('\u{fffd}', {A});"
            ))
            .await;
        for (path, status, text) in [
            ("/labels/a%2Fb%2B%2541", 200, "a/b+%41"),
            ("/labels/a%2fb+%2541", 200, "a/b+%41"),
            ("/labels/%41", 200, "A"),
            ("/labels/%2541", 404, ""),
            ("/labels/%%34%31", 404, ""),
            ("/labels/%FF", 404, ""),
            ("/labels/%EF%BF%BD", 200, "\u{fffd}"),
        ] {
            let answer = get(path);
            assert_eq!(answer.status, status, "{path} {answer:?}");
            if status == 200 {
                assert_eq!(answer.text, text, "{path}");
            }
        }
        assert_eq!(
            get("/nowhere").body["detail"],
            "There is nothing at this path."
        );
        assert_eq!(get("/items/").status, 404);
        // What actix refuses, it refuses after the caller's check.
        assert_eq!(get("/items").status, 400);
        assert_eq!(http.ask("GET", "/items", None).status, 401);
        let head = http.ask("HEAD", "/items/1", Some(&format!("Bearer {member}")));
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        // Other methods: the caller's check comes first.
        assert_eq!(http.ask("DELETE", "/items/1", None).status, 401);
        assert_eq!(http.ask("DELETE", "/probes/health", None).status, 405);
        assert_eq!(http.ask("GET", "/probes/health", None).text, "up");
        let refused = http.json("DELETE", "/items/1", &member, &json!({}));
        assert_eq!(
            (refused.status, refused.media_type.as_deref()),
            (405, Some("application/problem+json"))
        );
        assert_eq!(refused.allow.as_deref(), Some("GET,HEAD"));

        let post = |token: &str, id: i32, organization: i32| {
            http.json(
                "POST",
                "/groups",
                token,
                &json!({ "id": id, "organization": organization }),
            )
        };
        assert_eq!(post(&manager, 101, A).text, "created");
        assert_eq!(post(&manager, 101, A).status, 409);
        assert_eq!(
            post(&manager, 102, B).body["errors"],
            json!({ "organization": ["does_not_exist"] })
        );
        assert_eq!(post(&member, 103, A).status, 403);
        let authorization = format!("Bearer {manager}");
        let send = |media_type: &str, body: String| {
            let headers = [
                ("authorization", authorization.as_str()),
                ("content-type", media_type),
            ];
            http.send("POST", "/groups", &headers, body).status
        };
        assert_eq!(send("text/plain", "{}".to_owned()), 415);
        assert_eq!(send("application/json", "{".to_owned()), 400);
        assert_eq!(send("application/json", " ".repeat(1_000_000)), 413);
        assert_eq!(
            send(
                "application/x-www-form-urlencoded",
                format!("id=104&organization={A}")
            ),
            200
        );
        fresh
    });
}

/// actix's threads have runtimes of one thread each. Whoever does not wait for an answer leaves them as they were.
#[test]
fn statements_may_be_dropped_on_runtimes_of_one_thread() {
    let runtime = || {
        let builder = &mut tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let file = std::env::temp_dir().join(format!("orgscope_dropped_{}.sqlite", std::process::id()));
    let pool = AnyPool::connect(&file.display().to_string(), 2).unwrap();
    for _ in 0..2 {
        // Each is gone before the next, with the connections that it made in the pool.
        runtime().block_on(async {
            let mut conn = pool.connection().await.unwrap();
            let slow = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) \
                        SELECT COUNT(*) FROM n; SELECT 1";
            let soon = std::time::Duration::from_millis(20);
            let dropped = tokio::time::timeout(soon, conn.batch_execute(slow)).await;
            assert!(dropped.is_err(), "{dropped:?}");
            drop(conn);
            let mut conn = pool.connection().await.unwrap();
            conn.batch_execute("SELECT 1").await.unwrap();
        });
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn links_log_in_with_sessions_of_actix() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let key = SigningKey::random().unwrap();
        let pages = login::LinkPages::leading_to("/items/newest");
        let routes = routes()
            .merge(login::link_routes(pages))
            .merge(login::session_routes());
        let tenancy = Tenancy::new(fresh.pool.clone());
        let tenancy = tenancy.authenticator(Sessions).signing_key(key.clone());
        let http = Http::serve_actix(routes.into_actix(tenancy));
        let options = LinkOptions {
            purpose: login::LOGIN,
            seconds: 60,
        };
        let conn = &mut connection(&fresh).await;
        let link = issue_link(MEMBER_A.0, options, &key, conn).await.unwrap();
        let link = link.reveal().to_string();

        let page = http.ask("GET", &format!("/link?token={link}"), None);
        assert_eq!(
            (page.status, page.referrer_policy.as_deref()),
            (200, Some("no-referrer"))
        );
        assert!(page.text.contains(&link), "{page:?}");
        let form = vec![(
            "content-type",
            b"application/x-www-form-urlencoded".to_vec(),
        )];
        let body = format!("token={link}");
        let from = Ipv4Addr::LOCALHOST;
        let used = http.raw("POST", "/link", &form, &body, from).await;
        assert_eq!(used.status, 303, "{used:?}");
        assert_eq!(
            http.raw("POST", "/link", &form, &body, from).await.status,
            400
        );
        let cookie = used.cookie.unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let with = |method: &str, path: &str, csrf: &str| {
            http.ask_with(method, path, &[("cookie", cookie), ("x-csrf-token", csrf)])
        };
        assert_eq!(with("GET", "/items/newest", "").text, "newest");
        let csrf = with("GET", "/csrf", "").body["csrf_token"].clone();
        assert_eq!(with("DELETE", "/items/1", "").body["reason"], "csrf");
        assert_eq!(
            with("DELETE", "/items/1", csrf.as_str().unwrap()).status,
            405
        );
        assert_eq!(with("POST", "/logout", "").body["reason"], "csrf");
        assert_eq!(with("POST", "/logout", csrf.as_str().unwrap()).status, 204);
        assert_eq!(with("GET", "/items/newest", "").status, 401);
        fresh
    });
}
