//! Pages for people: they offer what a write accepts, show what the API answers, and are no way around it.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::browsable::Browsable;
use orgscope::prelude::*;
use orgscope::throttle::Rate;
use orgscope::write::Writes;
use orgscope_suite::databases::{Fresh, on_each};
use tower::ServiceExt as _;

use crate::support::*;

diesel::table! { sites (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { machine_tags (machine_id, tag_id) { machine_id -> Integer, tag_id -> Integer } }
diesel::table! {
    machines (id) { id -> Integer, name -> Text, size -> Nullable<Integer>, organization_id -> Integer, site_id -> Nullable<Integer> }
}

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = sites)]
#[org_scoped(shared = read, label = name)]
pub struct Site {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = tags)]
pub struct Tag {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = machines, belongs_to(Site))]
#[org_scoped(many(name = tags, model = Tag, through = machine_tags(machine_id, tag_id)))]
pub struct Machine {
    id: i32,
    name: String,
    size: Option<i32>,
    organization_id: i32,
    site_id: Option<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = machines)]
#[org_input(model = Machine, include_shared = [site])]
struct NewMachine {
    id: i32,
    name: String,
    size: Option<i32>,
    organization_id: i32,
    site_id: Option<i32>,
    #[org_input(many)]
    tags: Vec<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = machines)]
#[org_changeset(model = Machine)]
struct MachineChanges {
    name: Option<String>,
    size: Option<Option<i32>>,
    site_id: Option<Option<i32>>,
}

#[protected(member)]
async fn list(
    machines: Scoped<Machine>,
    paging: Paging,
    mut db: Db,
) -> Result<Json<Page<Machine>>, ApiError> {
    Ok(Json(machines.page(paging, machines::id, &mut db).await?))
}

#[protected(manager, throttle = "creating")]
async fn create(
    machines: Scoped<Machine>,
    mut db: Db,
    input: Input<NewMachine>,
) -> Result<Created<Machine>, ApiError> {
    Ok(Created(machines.insert(input).get_result(&mut db).await?))
}

#[protected(member)]
async fn show(machine: Object<Machine>) -> Json<Machine> {
    Json(machine.into_inner())
}

#[protected(manager)]
async fn change(
    machine: Object<Machine>,
    machines: Scoped<Machine>,
    mut db: Db,
    changes: Input<MachineChanges>,
) -> Result<Json<Machine>, ApiError> {
    let changed = machines.find(machine.id).update(changes);
    Ok(Json(changed.get_result(&mut db).await?))
}

#[protected(manager)]
async fn delete(
    machine: Object<Machine>,
    machines: Scoped<Machine>,
    mut db: Db,
) -> Result<NoContent, ApiError> {
    machines.find(machine.id).delete().execute(&mut db).await?;
    Ok(NoContent)
}

const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PROGRAM: &str = "*/*";

struct Served {
    app: axum::Router,
    fresh: Fresh,
}

impl Served {
    async fn seeded(fresh: Fresh) -> Served {
        seed(&fresh).await;
        fresh
            .batch(
                "CREATE TABLE sites (id INTEGER PRIMARY KEY, name VARCHAR(90) NOT NULL, organization_id INTEGER);
                 CREATE TABLE tags (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL);
                 CREATE TABLE machine_tags (machine_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (machine_id, tag_id));
                 CREATE TABLE machines (id INTEGER PRIMARY KEY, name VARCHAR(90) NOT NULL, size INTEGER, organization_id INTEGER NOT NULL, site_id INTEGER);
                 INSERT INTO sites VALUES (1, 'one of a', 10), (2, 'one of b', 20), (3, 'disabled', 30), (4, 'shared', NULL), (5, 'another of a', 10);
                 INSERT INTO tags VALUES (1, 10), (2, 20), (3, 30);
                 INSERT INTO machines VALUES (1, '<script>alert(1)</script>', NULL, 10, 1), (2, 'of b', 3, 20, 2), (3, 'two
lines', NULL, 10, 4);",
            )
            .await;
        let tenancy = Tenancy::new(fresh.pool.clone()).throttle("creating", Rate::per_minute(3));
        let router = Router::new()
            .get("/machines", list)
            .post("/machines", create)
            .get("/machines/{id}", show)
            .patch("/machines/{id}", change)
            .delete("/machines/{id}", delete);
        let app = router.into_browsable(Browsable::new("Machines").explaining(), tenancy);
        Served { app, fresh }
    }

    async fn ask(
        &self,
        user: User,
        method: &str,
        path: &str,
        accept: &str,
        form: &str,
    ) -> (StatusCode, HeaderMap, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", token(&self.fresh, user).await),
            )
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(form.to_owned())).unwrap();
        let (head, body) = self
            .app
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (
            head.status,
            head.headers,
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    async fn page(&self, user: User, path: &str) -> (StatusCode, String) {
        let (status, _, page) = self.ask(user, "GET", path, PAGE, "").await;
        (status, page)
    }
}

/// The values that the select of a field offers; `None` if there is no such select.
fn offered(page: &str, field: &str) -> Option<Vec<i32>> {
    let (_, select) = page.split_once(&format!("<select id=\"POST-{field}\""))?;
    let (select, _) = select.split_once("</select>")?;
    let values = select.split("<option value=\"").skip(1);
    let values = values.filter_map(|option| option.split('"').next()?.parse().ok());
    let mut values: Vec<i32> = values.collect();
    values.sort_unstable();
    Some(values)
}

#[test]
fn forms_offer_exactly_what_a_write_accepts() {
    on_each(async |fresh| {
        let site = Served::seeded(fresh).await;
        for user in USERS {
            let (status, page) = site.page(user, "/machines").await;
            let may_create = user.1 || loaded(user).highest_role() >= Some(Role::Manager);
            assert_eq!(status, StatusCode::OK, "{user:?}");
            let Some(sites) = offered(&page, "site") else {
                assert!(!may_create, "{user:?}: {page}");
                assert!(!page.contains("name=\"_method\""), "{user:?}: {page}");
                continue;
            };
            assert!(may_create, "{user:?}");
            let caller = unloaded(user);
            let machines = Scope::<Machine>::new::<policy::Manager>(&caller);
            let conn = &mut connection(&site.fresh).await;
            let choices =
                NewMachine::choices::<Site, _>(&machines, |machine| machine.site()).unwrap();
            let choices: Vec<i32> = choices
                .order(sites::id)
                .select(sites::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(sites, choices, "{user:?}");
            assert!(page.contains(">shared (4)</option>"), "{user:?}: {page}");
            let tags = NewMachine::choices::<Tag, _>(&machines, |machine| machine.tags()).unwrap();
            let tags: Vec<i32> = tags
                .order(tags::id)
                .select(tags::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(offered(&page, "tags"), Some(tags), "{user:?}");
            let organizations: &[i32] = match user {
                SUPERUSER => &[A, B, DISABLED],
                MANAGER_B => &[B],
                _ => &[A],
            };
            assert_eq!(
                offered(&page, "organization").as_deref(),
                Some(organizations),
                "{user:?}"
            );
        }
        site.fresh
    });
}

#[test]
fn pages_say_what_the_api_says_and_programs_see_no_difference() {
    on_each(async |fresh| {
        let site = Served::seeded(fresh).await;
        let (status, headers, page) = site.ask(MANAGER_A, "GET", "/machines", PAGE, "").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
        // What rows hold is text, and only the own rows are there.
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{page}"
        );
        assert!(
            !page.contains("<script") && !page.contains("of b"),
            "{page}"
        );
        assert!(page.contains("<a href=\"/machines/1\">"), "{page}");
        // Another's row is missing, with the same words as one that is not there.
        let [others, missing] = [
            site.page(MANAGER_A, "/machines/2").await,
            site.page(MANAGER_A, "/machines/9").await,
        ];
        assert_eq!(others.0, StatusCode::NOT_FOUND);
        assert_eq!(others.1.replace("/machines/2", "/machines/9"), missing.1);
        assert!(!others.1.contains("name=\"_method\""));
        // A reader sees no forms of the row.
        let (status, page) = site.page(MEMBER_A, "/machines/1").await;
        assert_eq!(status, StatusCode::OK);
        assert!(!page.contains("name=\"_method\""), "{page}");
        // The reason tree is for superusers, in builds like this one.
        assert!(!page.contains("Why you may"));
        assert!(
            site.page(SUPERUSER, "/machines/1")
                .await
                .1
                .contains("Why you may")
        );
        let (_, headers, json) = site.ask(MANAGER_A, "GET", "/machines/1", PROGRAM, "").await;
        assert_eq!(headers[header::CONTENT_TYPE], "application/json");
        assert!(json.starts_with('{') && headers.get(header::CONTENT_SECURITY_POLICY).is_none());
        site.fresh
    });
}

#[test]
fn forms_change_what_their_caller_may_change() {
    on_each(async |fresh| {
        let site = Served::seeded(fresh).await;
        let create = "id=7&name=x&size=&organization=10&site=4&tags=1";
        let (status, _, page) = site
            .ask(
                MANAGER_A,
                "POST",
                "/machines",
                PAGE,
                &format!("_method=POST&{create}"),
            )
            .await;
        assert_eq!(status, StatusCode::CREATED, "{page}");
        // A value that was not offered is told at its field, and what was filled in stays.
        let edited = "id=8&name=kept&organization=10&site=2";
        let (status, _, page) = site.ask(MANAGER_A, "POST", "/machines", PAGE, edited).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(
            page.contains("id=\"POST-site-wrong\">does_not_exist<"),
            "{page}"
        );
        assert!(page.contains("value=\"kept\""), "{page}");
        let (status, _, page) = site
            .ask(
                MANAGER_A,
                "POST",
                "/machines/7",
                PAGE,
                "_method=PATCH&name=y&size=5",
            )
            .await;
        assert_eq!(
            (status, page.contains("<td>y</td>")),
            (StatusCode::OK, true),
            "{page}"
        );
        // Only pages read `_method`; it is a field like any other for programs, and names nothing else.
        let (status, _, _) = site
            .ask(MANAGER_A, "POST", "/machines/7", PROGRAM, "_method=DELETE")
            .await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        let (status, _, _) = site
            .ask(MANAGER_A, "POST", "/machines/7", PAGE, "_method=TRACE")
            .await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        // A page of another site means nothing but what it could send.
        let crossing = Request::post("/machines/7")
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", token(&site.fresh, MANAGER_A).await),
            )
            .header(header::ACCEPT, PAGE)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        let crossing = crossing.body(Body::from("_method=DELETE")).unwrap();
        let crossing = site.app.clone().oneshot(crossing).await.unwrap();
        assert_eq!(crossing.status(), StatusCode::METHOD_NOT_ALLOWED);
        for (user, expected) in [
            (MEMBER_A, StatusCode::FORBIDDEN),
            (MANAGER_B, StatusCode::NOT_FOUND),
            (MANAGER_A, StatusCode::OK),
            (MANAGER_A, StatusCode::NOT_FOUND),
        ] {
            let (status, _, page) = site
                .ask(user, "POST", "/machines/7", PAGE, "_method=DELETE")
                .await;
            assert_eq!(status, expected, "{user:?}: {page}");
        }
        site.fresh
    });
}

#[test]
fn a_form_says_what_there_is_and_takes_nothing_away() {
    on_each(async |fresh| {
        let site = Served::seeded(fresh).await;
        let (_, page) = site.page(MANAGER_A, "/machines/3").await;
        // Several lines are kept, what is NULL stays NULL, and what is not offered is there until another value is chosen.
        assert!(page.contains("\ntwo\nlines</textarea>"), "{page}");
        assert!(page.contains("name=\"_if_any\" value=\"size\""), "{page}");
        assert!(
            page.contains("<option value=\"4\" selected>4</option>"),
            "{page}"
        );
        let form = "_method=PATCH&_if_any=size&name=two%0D%0Alines%21&size=";
        let (status, _, page) = site.ask(MANAGER_A, "POST", "/machines/3", PAGE, form).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let (_, _, json) = site.ask(MANAGER_A, "GET", "/machines/3", PROGRAM, "").await;
        let row: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(row["name"], "two\nlines!");
        assert_eq!(
            (&row["size"], &row["site_id"]),
            (&serde_json::Value::Null, &4.into())
        );
        // After a refusal the form has what was sent, and its other fields are not there to be emptied.
        let refused = "_method=PATCH&name=kept&site=2";
        let (status, _, page) = site
            .ask(MANAGER_A, "POST", "/machines/3", PAGE, refused)
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(
            page.contains("value=\"kept\"") && page.contains("id=\"PATCH-site-wrong\""),
            "{page}"
        );
        assert!(!page.contains("id=\"PATCH-size\""), "{page}");
        site.fresh
    });
}

#[test]
fn a_page_counts_nowhere_but_for_what_was_asked() {
    on_each(async |fresh| {
        let site = Served::seeded(fresh).await;
        for _ in 0..5 {
            let (_, page) = site.page(MANAGER_A, "/machines").await;
            assert!(offered(&page, "site").is_some());
        }
        let create = |id: i32| format!("id={id}&name=x&organization=10");
        let (status, ..) = site
            .ask(MANAGER_A, "POST", "/machines", PROGRAM, &create(7))
            .await;
        assert_eq!(status, StatusCode::CREATED);
        // An empty filter is left out of the address.
        let (status, headers, _) = site
            .ask(MANAGER_A, "GET", "/machines?page=&page_size=2", PAGE, "")
            .await;
        assert_eq!(
            (status, &headers[header::LOCATION]),
            (
                StatusCode::SEE_OTHER,
                &"/machines?page_size=2".parse().unwrap()
            )
        );
        // A body that is too large, and an address that leads nowhere.
        let large = "x".repeat(3 << 20);
        let (status, ..) = site.ask(MANAGER_A, "POST", "/machines", PAGE, &large).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        let (status, page) = site.page(MANAGER_A, "/nowhere").await;
        assert_eq!(
            (status, page.contains("There is nothing at this path.")),
            (StatusCode::NOT_FOUND, true),
            "{page}"
        );
        site.fresh
    });
}
