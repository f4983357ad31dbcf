//! The permission language over HTTP: facts from the tables, bundles, controllers, own permissions, and the access report.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use orgscope::axum::Router;
use orgscope::identity::{
    TokenOptions, add_group, add_group_member, add_group_permission, add_subscription,
    add_user_permission, issue_token,
};
use orgscope::policy::{Answer, Asked, Check, Permission};
use orgscope::prelude::*;
use orgscope::throttle::Rate;
use orgscope::{Group, GroupKind};
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::{Answer as Reply, Http};

use crate::models::{Country, Item, rows};
use crate::support::*;

const ADMINS: i32 = 7;

policy! {
    /// What every endpoint of the items requires.
    pub ItemsApi = member & model_perms;

    /// Three requests an hour, whoever asks.
    pub Rare = anyone;
    authenticate = [bearer];
    throttle = "rare";

    /// Nobody without a subscription.
    Subscribed = subscriber;
}

#[protected(ItemsApi)]
async fn get_item(item: Object<Item>) -> String {
    item.name.clone()
}

#[protected(ItemsApi)]
async fn delete_item(
    item: Object<Item>,
    rows: Scoped<Item>,
    mut db: Db,
) -> Result<&'static str, ApiError> {
    rows.find(item.id).delete().execute(&mut db).await?;
    Ok("deleted")
}

#[protected(ItemsApi & perm("ipam.export"))]
async fn export_items(rows: Scoped<Item>, mut db: Db) -> Result<Json<i64>, ApiError> {
    Ok(Json(rows.count(&mut db).await?))
}

/// The request names a door that is open.
struct OpenDoor;

impl Permission for OpenDoor {
    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        Check::later(async move {
            let door = asked
                .request()
                .and_then(|request| request.headers.get("x-door"));
            match door.map(|door| door.as_bytes()) {
                Some(b"open") => Answer::Yes,
                Some(b"jammed") => Answer::Unavailable("it is jammed".into()),
                _ => Answer::No,
            }
        })
    }
}

#[protected(Subscribed)]
pub mod club {
    use super::*;

    pub async fn inherited() -> &'static str {
        helper()
    }

    #[protected(in_group("admins"))]
    pub async fn added() {}

    #[protected(override, root | in_group(ADMINS))]
    pub async fn replaced() {}

    #[helper]
    pub fn helper() -> &'static str {
        "in"
    }

    #[protected(OpenDoor)]
    pub mod back_room {
        pub async fn inherited_twice() {}
    }

    pub mod front_room {
        pub async fn nested() {}
    }
}

struct Desk;

#[protected(former_subscriber, hidden = forbidden)]
impl Desk {
    const TEXT: &'static str = "at the desk";

    pub async fn ask() -> &'static str {
        Self::text()
    }

    #[protected(member)]
    pub async fn item(item: Object<Item>) -> String {
        item.name.clone()
    }

    fn text() -> &'static str {
        Self::TEXT
    }

    #[helper]
    pub fn describe() -> String {
        Self::TEXT.to_uppercase()
    }
}

#[protected(authenticated, scope = all, reason = "the statistics count every tenant's items")]
async fn count_all(rows: Scoped<Item>, mut db: Db) -> Result<Json<i64>, ApiError> {
    Ok(Json(rows.count(&mut db).await?))
}

#[protected(manager, scope = member, write = owner, hidden = forbidden, org_field = "group.organization")]
async fn count_mine(
    rows: Scoped<Item>,
    countries: Scoped<Country>,
    mut db: Db,
) -> Result<Json<(i64, i64)>, ApiError> {
    Ok(Json((
        rows.count(&mut db).await?,
        countries.count(&mut db).await?,
    )))
}

#[protected(Rare)]
async fn rare() {}

#[protected(Rare & authenticated, throttle = "other")]
async fn other() {}

/// Counts how often it is asked.
struct Asks;

static ASKED: AtomicUsize = AtomicUsize::new(0);

impl Permission for Asks {
    fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
        ASKED.fetch_add(1, Ordering::SeqCst);
        true.into()
    }
}

#[protected(manager & Asks)]
async fn asks() {}

fn router() -> Router<Tenancy> {
    let rooms = Router::new()
        .get("/back", club::back_room::inherited_twice)
        .get("/front", club::front_room::nested);
    Router::new()
        .get("/items/{id}", get_item)
        .delete("/items/{id}", delete_item)
        .get("/items", export_items)
        .get("/club", club::inherited)
        .get("/club/added", club::added)
        .get("/club/replaced", club::replaced)
        .nest("/club/rooms", rooms)
        .get("/desk", Desk::ask)
        .get("/desk/{id}", Desk::item)
        .merge(Router::new().get("/asks", asks))
        .merge(Router::new().post("/asks", asks))
        .nest("/asks", Router::new().put("/", asks))
        .get("/rare", rare)
        .get("/other", other)
        .get("/count/all", count_all)
        .get("/count/mine", count_mine)
        .get(
            "/health",
            public("for load balancers | says nothing", async || "up"),
        )
}

struct Served {
    http: Http,
    fresh: Fresh,
    now: i64,
}

impl Served {
    async fn new(fresh: Fresh) -> Served {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        for group in [
            Group::new(ADMINS, "admins"),
            Group::new(1, "wheel").of_kind(GroupKind::Root),
            Group::new(2, "everybody").of_kind(GroupKind::Public),
        ] {
            add_group(group, conn).await.unwrap();
        }
        let tenancy = Tenancy::new(fresh.pool.clone()).throttle("rare", Rate::per_hour(3));
        let app = router().into_axum().with_state(tenancy);
        let http = Http::serve(app).await;
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = since.unwrap().as_secs() as i64;
        Served { http, fresh, now }
    }

    async fn ask(&self, user: User, method: &str, path: &str) -> Reply {
        let conn = &mut connection(&self.fresh).await;
        let options = TokenOptions {
            name: "test".into(),
            expires_at: None,
            ..TokenOptions::default()
        };
        let token = issue_token(user.0, options, conn).await.unwrap();
        let bearer = format!("Bearer {}", token.reveal());
        self.http.ask(method, path, Some(&bearer))
    }

    async fn status(&self, user: User, path: &str) -> u16 {
        self.ask(user, "GET", path).await.status
    }
}

#[test]
fn permissions_by_method_directly_and_through_groups() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        let conn = &mut connection(&served.fresh).await;
        let denied = served.ask(MEMBER_A, "GET", "/items/1").await;
        assert_eq!(
            (denied.status, &denied.body["reason"]),
            (403, &"permission".into())
        );
        // `change` implies `view`, and holds through a group.
        add_group_member(MEMBER_A.0, ADMINS, conn).await.unwrap();
        let package = env!("CARGO_PKG_NAME");
        add_group_permission(ADMINS, format!("{package}.change_item"), conn)
            .await
            .unwrap();
        assert_eq!(served.status(MEMBER_A, "/items/1").await, 200);
        assert_eq!(served.status(MEMBER_A, "/items/2").await, 404);
        assert_eq!(served.ask(MEMBER_A, "DELETE", "/items/1").await.status, 403);
        assert_eq!(served.status(MEMBER_A, "/items").await, 403);
        // What everybody has through the public group.
        add_group_permission(2, "ipam.export", conn).await.unwrap();
        assert_eq!(served.status(MEMBER_A, "/items").await, 200);
        assert_eq!(served.status(MANAGER_A, "/items").await, 403);
        // No tenancy is lifted by permissions.
        add_user_permission(MEMBER_A.0, format!("{package}.delete_item"), conn)
            .await
            .unwrap();
        assert_eq!(served.ask(MEMBER_A, "DELETE", "/items/2").await.status, 404);
        assert_eq!(served.ask(MEMBER_A, "DELETE", "/items/1").await.status, 200);
        assert_eq!(served.ask(MEMBER_A, "DELETE", "/items/1").await.status, 404);
        assert_eq!(served.status(SUPERUSER, "/items/2").await, 200);
        served.fresh
    });
}

#[test]
fn the_policy_answers_before_the_method() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        let conn = &mut connection(&served.fresh).await;
        assert_eq!(served.http.ask("PUT", "/items/1", None).status, 401);
        let denied = served.ask(MEMBER_A, "PUT", "/items/1").await;
        assert_eq!(
            (denied.status, &denied.body["reason"]),
            (403, &"permission".into())
        );
        let package = env!("CARGO_PKG_NAME");
        add_user_permission(MEMBER_A.0, format!("{package}.change_item"), conn)
            .await
            .unwrap();
        let refused = served.ask(MEMBER_A, "PUT", "/items/1").await;
        assert_eq!(
            (refused.status, &refused.body["status"]),
            (405, &405.into())
        );
        assert_eq!(
            refused.media_type.as_deref(),
            Some("application/problem+json")
        );
        // Nested routes have their own, and public ones ask nobody.
        assert_eq!(
            served
                .ask(MEMBER_A, "PUT", "/club/rooms/front")
                .await
                .status,
            403
        );
        assert_eq!(served.http.ask("PUT", "/health", None).status, 405);
        served.fresh
    });
}

#[test]
fn controllers_hand_their_policy_down() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        let conn = &mut connection(&served.fresh).await;
        let (day, now) = (24 * 60 * 60, served.now);
        // A subscription, one that is over, and one that is to come.
        add_subscription(MEMBER_A.0, now - day, Some(now + day), conn)
            .await
            .unwrap();
        add_subscription(MEMBER_A.0, now - 9 * day, Some(now - 8 * day), conn)
            .await
            .unwrap();
        add_subscription(MANAGER_A.0, now - 2 * day, Some(now - day), conn)
            .await
            .unwrap();
        add_subscription(MANAGER_B.0, now + day, None, conn)
            .await
            .unwrap();
        add_group_member(MANAGER_A.0, ADMINS, conn).await.unwrap();
        add_group_member(NOBODY.0, 1, conn).await.unwrap();
        for (path, member_a, manager_a, manager_b, root) in [
            ("/club", 200, 403, 403, 403),
            ("/club/added", 403, 403, 403, 403),
            ("/club/replaced", 403, 200, 403, 200),
            ("/club/rooms/front", 200, 403, 403, 403),
            ("/club/rooms/back", 403, 403, 403, 403),
            ("/desk", 200, 200, 200, 403),
            ("/desk/1", 200, 200, 403, 403),
            ("/desk/2", 403, 403, 200, 403),
        ] {
            let got = [
                served.status(MEMBER_A, path).await,
                served.status(MANAGER_A, path).await,
                served.status(MANAGER_B, path).await,
                served.status(NOBODY, path).await,
            ];
            assert_eq!(got, [member_a, manager_a, manager_b, root], "{path}");
            assert_eq!(served.status(SUPERUSER, path).await, 200, "{path}");
            assert_eq!(served.http.ask("GET", path, None).status, 401, "{path}");
        }
        add_group_member(MEMBER_A.0, ADMINS, conn).await.unwrap();
        assert_eq!(served.status(MEMBER_A, "/club/added").await, 200);
        assert_eq!(club::helper(), "in");
        assert_eq!(Desk::describe(), "AT THE DESK");
        served.fresh
    });
}

#[test]
fn an_own_permission_sees_the_request_and_may_be_unavailable() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        let conn = &mut connection(&served.fresh).await;
        add_subscription(MEMBER_A.0, 0, None, conn).await.unwrap();
        let options = TokenOptions {
            name: "test".into(),
            expires_at: None,
            ..TokenOptions::default()
        };
        let token = issue_token(MEMBER_A.0, options, conn).await.unwrap();
        let bearer = format!("Bearer {}", token.reveal());
        for (door, status) in [("open", 200), ("shut", 403), ("jammed", 503)] {
            let headers = [("authorization", bearer.as_str()), ("x-door", door)];
            let answer = served.http.ask_with("GET", "/club/rooms/back", &headers);
            assert_eq!(answer.status, status, "{door}");
        }
        served.fresh
    });
}

#[test]
fn nothing_is_started_by_a_request_that_is_refused_anyway() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        ASKED.store(0, Ordering::SeqCst);
        assert_eq!(served.http.ask("GET", "/asks", None).status, 401);
        assert_eq!(served.status(MEMBER_A, "/asks").await, 403);
        assert_eq!(served.status(SUPERUSER, "/asks").await, 200);
        assert_eq!(ASKED.load(Ordering::SeqCst), 0);
        for method in ["GET", "POST", "PUT"] {
            assert_eq!(
                served.ask(MANAGER_A, method, "/asks").await.status,
                200,
                "{method}"
            );
        }
        assert_eq!(served.ask(MANAGER_A, "DELETE", "/asks").await.status, 405);
        assert_eq!(ASKED.load(Ordering::SeqCst), 4);
        served.fresh
    });
}

#[test]
fn a_throttle_counts_each_caller_apart() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        for user in [MEMBER_A, MANAGER_A] {
            for status in [200, 200, 200, 429, 429] {
                let answer = served.ask(user, "GET", "/rare").await;
                assert_eq!(answer.status, status, "{user:?}");
                let wait = answer.retry_after.map(|wait| wait.parse::<u64>().unwrap());
                assert_eq!(wait.is_some(), status == 429);
                // An hour for three, evenly.
                assert!(
                    wait.is_none_or(|wait| (1..=1201).contains(&wait)),
                    "{wait:?}"
                );
            }
        }
        assert_eq!(served.http.ask("GET", "/rare", None).status, 200);
        // A throttle that the service does not know lets nobody through; the policy comes first.
        assert_eq!(served.status(MEMBER_A, "/other").await, 503);
        assert_eq!(served.http.ask("GET", "/other", None).status, 401);
        served.fresh
    });
}

#[test]
fn a_scope_over_all_organizations_is_for_those_whom_the_policy_names() {
    on_each(async |fresh| {
        let served = Served::new(fresh).await;
        let all = served.ask(NOBODY, "GET", "/count/all").await.text;
        // All but the orphan, which belongs to nobody.
        let every_row = served.ask(SUPERUSER, "GET", "/count/all").await.text;
        assert_eq!((all.as_str(), every_row.as_str()), ("5", "6"));
        assert_eq!(served.status(MEMBER_A, "/count/mine").await, 403);
        assert_ne!(
            served.ask(MANAGER_A, "GET", "/count/mine").await.body[0].to_string(),
            all
        );
        served.fresh
    });
}

#[test]
fn the_access_report_says_who_may_do_what() {
    let report = router().access_report();
    let text = report.to_string();
    for line in [
        "| DELETE | `/items/{id}` | `delete_item` | `ItemsApi` | Item | group.organization | member | member | not_found |  |  | ",
        "| GET | `/items` | `export_items` | `ItemsApi & perm(\"ipam.export\")` | Item |",
        "| GET | `/club` | `inherited` | `Subscribed` |  |  |  |  | not_found |",
        "| PUT | `/asks` | `asks` | `manager & Asks` |",
        "| GET | `/club/added` | `added` | `Subscribed & in_group(\"admins\")` |",
        "| GET | `/club/replaced` | `replaced` | `root \\| in_group(ADMINS)` |  |  |  |  | not_found |  | **override** |",
        "| GET | `/club/rooms/back` | `inherited_twice` | `Subscribed & OpenDoor` |",
        "| GET | `/desk/{id}` | `item` | `former_subscriber & member` | Item | group.organization | member | member | forbidden |",
        "| GET | `/rare` | `rare` | `Rare` |  |  |  |  | not_found | rare |",
        "| GET | `/other` | `other` | `Rare & authenticated` |  |  |  |  | not_found | other |",
        "| all | member | not_found |  | scope all: the statistics count every tenant's items |",
        "| GET | `/count/mine` | `count_mine` | `manager` | Item, Country | group.organization, none | member | owner | forbidden |",
        "| GET | `/health` |",
        "| for load balancers \\| says nothing |",
        "| Country | ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    let added = &json["routes"][4];
    assert_eq!(added["handler"], "added", "{json:#}");
    assert_eq!(added["file"], "tests/suite/tests/behaviour/policies.rs");
    let source = include_str!("policies.rs");
    let line = source
        .lines()
        .position(|line| line.contains("pub async fn added"))
        .unwrap()
        + 1;
    assert_eq!(added["line"], line);
    assert_eq!(json["global_models"][0]["model"], "Country");

    let file = std::env::temp_dir().join(format!("access-{}.md", std::process::id()));
    std::fs::write(&file, text.replace("| owner |", "| member |")).unwrap();
    let outdated = report.agrees_with(&file).unwrap_err().to_string();
    assert!(outdated.contains("+ | GET | `/count/mine`"), "{outdated}");
    std::fs::write(&file, text).unwrap();
    assert!(report.agrees_with(&file).is_ok());
    std::fs::remove_file(file).unwrap();
}
