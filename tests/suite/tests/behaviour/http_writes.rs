//! Bodies, parents and query strings over HTTP: what is wrong with them is told, and nothing of what others have.

use axum::Json;
use axum::http::StatusCode;
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::{Answer, Http};
use serde_json::{Value, json};

use crate::support::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! {
    machines (id) {
        id -> Integer, name -> Text, size -> Nullable<Integer>, organization_id -> Integer, site_id -> Nullable<Integer>
    }
}

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = sites)]
#[org_scoped(shared = read)]
pub struct Site {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, serde::Serialize)]
#[diesel(table_name = machines, belongs_to(Site))]
pub struct Machine {
    id: i32,
    name: String,
    size: Option<i32>,
    organization_id: i32,
    site_id: Option<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = machines)]
#[org_input(model = Machine)]
struct NewMachine {
    id: i32,
    name: String,
    size: Option<i32>,
    organization_id: i32,
    site_id: Option<i32>,
}

#[derive(OrgFilter)]
#[diesel(table_name = machines)]
#[org_filter(
    model = Machine,
    fields(organization, organization_slug, site, site__organization, name(exact, in, icontains, contains, iexact), size(exact, gte, range, isnull)),
    order = [name, size],
    search = [name]
)]
struct MachineFilter;

#[protected(anyone)]
async fn create(
    machines: Scoped<Machine>,
    mut db: Db,
    input: Input<NewMachine>,
) -> Result<(StatusCode, Json<Machine>), ApiError> {
    let machine = machines.insert(input).get_result(&mut db).await?;
    Ok((StatusCode::CREATED, Json(machine)))
}

#[protected(member)]
async fn list(
    machines: Scoped<Machine>,
    Filtered(filters): Filtered<MachineFilter>,
    paging: Paging,
    mut db: Db,
) -> Result<Json<Page<Machine>>, ApiError> {
    let order = filters.order_or(machines::id);
    Ok(Json(
        machines
            .filtered(filters)
            .page(paging, order, &mut db)
            .await?,
    ))
}

/// Loads without a page: what the filter names is asked before.
#[protected(member)]
async fn all(
    machines: Scoped<Machine>,
    Filtered(filters): Filtered<MachineFilter>,
    mut db: Db,
) -> Result<Json<Vec<Machine>>, ApiError> {
    Ok(Json(machines.filtered(filters).load(&mut db).await?))
}

#[protected(member)]
async fn under(
    site: Parent<Site>,
    machines: Scoped<Machine>,
    mut db: Db,
) -> Result<Json<(i32, i64)>, ApiError> {
    Ok(Json((site.id, machines.count(&mut db).await?)))
}

#[protected(member)]
async fn create_under(
    _: Parent<Site>,
    machines: Scoped<Machine>,
    mut db: Db,
    input: Input<NewMachine>,
) -> Result<Json<Machine>, ApiError> {
    Ok(Json(machines.insert(input).get_result(&mut db).await?))
}

#[protected(member)]
async fn one_under(_: Parent<Site>, machine: Object<Machine>) -> Json<Machine> {
    Json(machine.into_inner())
}

#[protected(member)]
async fn delete_under(
    _: Parent<Site>,
    machine: Object<Machine>,
    machines: Scoped<Machine>,
    mut db: Db,
) -> Result<StatusCode, ApiError> {
    machines.find(machine.id).delete().execute(&mut db).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sites 1 in A, 2 in B, 3 shared, 4 in the disabled organization; machines of the same numbers, and 5 of A without a site.
async fn serve(fresh: &Fresh) -> Http {
    seed(fresh).await;
    fresh
        .batch(&format!(
            "CREATE TABLE sites (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER);
             CREATE TABLE machines (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, size INTEGER, organization_id INTEGER NOT NULL, site_id INTEGER);
             INSERT INTO sites VALUES (1, {A}), (2, {B}), (3, NULL), (4, {DISABLED});
             INSERT INTO machines VALUES (1, 'Alpha one', 10, {A}, 1), (2, 'Beta', 20, {B}, 2), (3, 'of shared', NULL, {A}, 3),
                 (4, 'disabled', 40, {DISABLED}, 4), (5, 'Alpha 100%', NULL, {A}, NULL), (6, 'elsewhere', 60, {B}, 1);"
        ))
        .await;
    let children = Router::<Tenancy, Parent<Site>>::new()
        .get("/machines", under)
        .post("/machines", create_under)
        .get("/machines/{id}", one_under)
        .delete("/machines/{id}", delete_under);
    let routes = Router::new()
        .get("/machines", list)
        .post("/machines", create)
        .get("/all", all)
        .under("/sites/{site_id}", children);
    Http::serve(
        routes
            .into_axum()
            .with_state(Tenancy::new(fresh.pool.clone())),
    )
    .await
}

fn ids(answer: &Answer) -> Vec<i64> {
    let rows = answer.body["results"].as_array().or(answer.body.as_array());
    let mut ids: Vec<i64> = rows
        .unwrap_or_else(|| panic!("{answer:?}"))
        .iter()
        .map(|row| row["id"].as_i64().unwrap())
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn leak_38_a_parent_is_checked_on_every_method() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let member = token(&fresh, MEMBER_A).await;
        let machine = json!({"id": 50, "name": "new", "organization": A});
        let mut answers = Vec::new();
        for site in ["2", "3", "4", "77", "x", "01", "%00"] {
            for (method, path) in [
                ("GET", ""),
                ("POST", ""),
                ("PUT", ""),
                ("GET", "/1"),
                ("DELETE", "/1"),
            ] {
                let answer = http.json(
                    method,
                    &format!("/sites/{site}/machines{path}"),
                    &member,
                    &machine,
                );
                assert_eq!(answer.status, 404, "{method} {site} {answer:?}");
                answers.push(answer.text);
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1);
        assert_eq!(http.get("/sites/1/machines", &member).body, json!([1, 1]));
        // A child of another parent is missing, and so is one of another tenant under this one.
        for (machine, status) in [(1, 200), (3, 404), (5, 404), (6, 404), (2, 404)] {
            let answer = http.get(&format!("/sites/1/machines/{machine}"), &member);
            assert_eq!(answer.status, status, "{machine}");
        }
        let superuser = token(&fresh, SUPERUSER).await;
        assert_eq!(
            http.get("/sites/1/machines", &superuser).body,
            json!([1, 2])
        );
        assert_eq!(http.get("/sites/1/machines/2", &superuser).status, 404);
        // The parent is not for the body to choose.
        let mut elsewhere = machine.clone();
        elsewhere["site"] = 2.into();
        let answer = http.json("POST", "/sites/1/machines", &member, &elsewhere);
        assert_eq!(
            (answer.status, &answer.body["site_id"]),
            (200, &json!(1)),
            "{answer:?}"
        );
        assert_eq!(
            http.json("DELETE", "/sites/1/machines/50", &member, &json!({}))
                .status,
            204
        );
        // Row and parent are of one organization, for everybody.
        let other = json!({"id": 51, "name": "new", "organization": B});
        let answer = http.json("POST", "/sites/1/machines", &superuser, &other);
        assert_eq!(
            answer.body["errors"],
            json!({"site": ["organization_mismatch"]})
        );
        let no_login = http.send("POST", "/sites/2/machines", &[], String::new());
        assert_eq!(no_login.status, 401);
        fresh
    });
}

#[test]
fn leak_40_nobody_writes_without_a_login() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        for body in [
            "",
            "{",
            "{}",
            r#"{"id": 9, "name": "x", "organization": 10}"#,
        ] {
            let headers = [("content-type", "application/json")];
            let answer = http.send("POST", "/machines", &headers, body.into());
            assert_eq!(answer.status, 401, "{body}: {answer:?}");
        }
        // A stranger with a login may name no organization.
        let stranger = token(&fresh, NOBODY).await;
        let machine = json!({"id": 9, "name": "x", "organization": A});
        let answer = http.json("POST", "/machines", &stranger, &machine);
        assert_eq!(
            answer.body["errors"],
            json!({"organization": ["does_not_exist"]})
        );
        fresh
    });
}

#[test]
fn leak_09_a_filter_tells_nothing_of_what_is_hidden() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let member = token(&fresh, MEMBER_A).await;
        for (parameter, values) in [
            ("organization", vec!["20", "30", "77", "x", "null", "010"]),
            ("site", vec!["2", "4", "77", "x", "3"]),
            ("site__organization", vec!["20", "30", "77", "x"]),
            ("ordering", vec!["organization_id", "id", "-site"]),
        ] {
            for value in values {
                for path in ["machines", "all"] {
                    let answer = http.get(&format!("/{path}?{parameter}={value}"), &member);
                    assert_eq!(answer.status, 400, "{path} {parameter}={value}: {answer:?}");
                    assert_eq!(
                        answer.body["errors"],
                        json!({parameter: ["invalid_choice"]})
                    );
                }
            }
        }
        // All mistakes at once.
        let answer = http.get(
            "/machines?organization=20&site=2&size=x&ordering=x",
            &member,
        );
        let wrong = json!({
            "organization": ["invalid_choice"], "site": ["invalid_choice"], "size": ["invalid"], "ordering": ["invalid_choice"]
        });
        assert_eq!(answer.body["errors"], wrong);
        for (query, found) in [
            ("", vec![1, 3, 5]),
            ("organization=10", vec![1, 3, 5]),
            ("organization=", vec![1, 3, 5]),
            ("organization_slug=a", vec![1, 3, 5]),
            ("organization_slug=A", vec![]),
            ("organization_slug=b", vec![]),
            ("site=1", vec![1]),
            ("site=", vec![1, 3, 5]),
            ("site__organization=10", vec![1]),
            ("name=Alpha%20one", vec![1]),
            ("name=alpha%20one", vec![]),
            ("name__iexact=alpha%20ONE", vec![1]),
            ("name__in=Alpha%20one,Beta,of%20shared", vec![1, 3]),
            ("name__contains=Alpha", vec![1, 5]),
            ("name__contains=alpha", vec![]),
            ("name__icontains=ALPHA", vec![1, 5]),
            ("name__icontains=100%25", vec![5]),
            ("name__icontains=%25", vec![5]),
            ("search=alpha%20ONE", vec![1]),
            ("size__gte=5", vec![1]),
            ("size__range=5,15", vec![1]),
            ("size__isnull=true", vec![3, 5]),
            ("size__isnull=false", vec![1]),
            ("unknown=1", vec![1, 3, 5]),
            ("ordering=-name,size", vec![1, 3, 5]),
        ] {
            assert_eq!(
                ids(&http.get(&format!("/machines?{query}"), &member)),
                found,
                "{query}"
            );
            assert_eq!(
                ids(&http.get(&format!("/all?{query}"), &member)),
                found,
                "{query}"
            );
        }
        let manager = token(&fresh, MANAGER_A).await;
        assert_eq!(ids(&http.get("/machines?site=3", &manager)), [3]);
        let answer = http.get("/machines?ordering=-name&page_size=1", &member);
        assert_eq!(
            (&answer.body["results"][0]["id"], &answer.body["count"]),
            (&json!(3), &json!(3))
        );
        for query in [
            "size=x",
            "size=99999999999",
            "size__range=1",
            "size__isnull=perhaps",
            "name=%00",
            "search=%00",
        ] {
            let answer = http.get(&format!("/machines?{query}"), &member);
            assert_eq!(answer.status, 400, "{query}: {answer:?}");
        }
        fresh
    });
}

#[test]
fn bad_bodies_are_told_what_is_wrong() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let bearer = format!("Bearer {}", token(&fresh, MANAGER_A).await);
        let send = |media_type: &str, body: &str| {
            let headers = [
                ("authorization", bearer.as_str()),
                ("content-type", media_type),
            ];
            http.send("POST", "/machines", &headers, body.to_owned())
        };
        let long = "x".repeat(500);
        let too_long = format!(r#"{{"id": 60, "name": "{long}", "organization": 10}}"#);
        for (media_type, body, status, errors) in [
            ("application/json", "", 400, Value::Null),
            ("application/json", "{", 400, Value::Null),
            ("application/json", "[]", 400, Value::Null),
            ("application/json", "null", 400, Value::Null),
            ("application/json", "{} {}", 400, Value::Null),
            ("application/json", "\u{fffd}", 400, Value::Null),
            ("text/plain", "{}", 415, Value::Null),
            ("", "{}", 415, Value::Null),
            (
                "application/json",
                "{}",
                400,
                json!({"id": ["required"], "name": ["required"], "organization": ["required"]}),
            ),
            (
                "application/json",
                r#"{"id": "7", "name": 7, "size": 1.5, "organization": {}, "site": []}"#,
                400,
                json!({"id": ["invalid"], "name": ["invalid"], "size": ["invalid"], "organization": ["invalid"], "site": ["invalid"]}),
            ),
            (
                "application/json",
                r#"{"id": null, "name": null, "size": null, "organization": "", "site": ""}"#,
                400,
                json!({"id": ["null"], "name": ["null"], "organization": ["null"]}),
            ),
            (
                "application/json",
                r#"{"id": 7, "name": "a\u0000b", "organization": 10}"#,
                400,
                json!({"name": ["invalid"]}),
            ),
            (
                "application/json",
                r#"{"id": 7, "id": 8, "name": "x", "organization": 10, "organization_id": 10}"#,
                400,
                json!({"id": ["duplicate"], "organization": ["duplicate"]}),
            ),
            (
                "application/json",
                r#"{"id": 99999999999, "name": "x", "organization": 10, "sise": 1}"#,
                400,
                json!({"id": ["invalid"], "sise": ["unknown"]}),
            ),
            (
                "application/x-www-form-urlencoded",
                "id=x&name=&organization=20",
                400,
                json!({"id": ["invalid"], "organization": ["does_not_exist"]}),
            ),
            (
                "application/x-www-form-urlencoded",
                "id=1&id=2&name=x&organization=",
                400,
                json!({"id": ["duplicate"], "organization": ["null"]}),
            ),
            (
                "application/json; charset=utf-8",
                r#"{"id": 1, "name": "x", "organization": 10}"#,
                409,
                Value::Null,
            ),
            (
                "application/vnd.api+json",
                r#"{"id": 61, "name": "x", "organization": 10}"#,
                201,
                Value::Null,
            ),
            (
                "application/x-www-form-urlencoded",
                "id=62&name=x&organization=10&site=1&size=",
                201,
                Value::Null,
            ),
        ] {
            let answer = send(media_type, body);
            let shown: String = body.chars().take(80).collect();
            assert_eq!(
                (answer.status, &answer.body["errors"]),
                (status, &errors),
                "{shown}: {answer:?}"
            );
            if status != 201 {
                assert_eq!(
                    answer.media_type.as_deref(),
                    Some("application/problem+json"),
                    "{shown}"
                );
            }
        }
        // What does not fit into the column is the client's mistake. SQLite takes texts of any length.
        let answer = send("application/json", &too_long);
        let fits = fresh.database == orgscope::dialect::Database::Sqlite;
        assert_eq!(answer.status, if fits { 201 } else { 400 }, "{answer:?}");
        assert_eq!(send("application/json", &" ".repeat(3_000_000)).status, 413);
        fresh
    });
}
