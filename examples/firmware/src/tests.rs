//! The demo data through the API: everybody sees the own organization's rows, and nobody another's.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::TcpListener;

use orgscope::testing::World;
use serde_json::{Value, json};

/// The API on the demo data: where it is served, a token for each user, and the database.
pub(crate) struct Api {
    pub(crate) address: String,
    tokens: Vec<String>,
    pub(crate) world: World,
}

impl Api {
    pub(crate) async fn seeded() -> Api {
        let world = World::in_memory().await.unwrap();
        let tokens = crate::seed::seed(world.pool()).await.unwrap();
        let tenancy = world.tenancy();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(crate::framework::serve(listener, tenancy))
        });
        Api {
            address,
            tokens,
            world,
        }
    }

    /// Asks as one of the seeded users, by the key.
    fn ask(&self, user: usize, path: &str) -> (u16, Value) {
        self.send(user, "GET", path, "")
    }

    /// Sends a body.
    fn send(&self, user: usize, method: &str, path: &str, body: &str) -> (u16, Value) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header("Authorization", format!("Bearer {}", self.tokens[user - 1]))
            .header("Content-Type", "application/json");
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build();
        let agent = ureq::Agent::from(agent);
        let answer = agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let status = answer.status().as_u16();
        let text = answer.into_body().read_to_string().unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

fn ids(page: &Value) -> Vec<i64> {
    let rows = page["results"].as_array().into_iter().flatten();
    rows.filter_map(|row| row["id"].as_i64()).collect()
}

#[tokio::test]
async fn everybody_sees_the_own_rows() {
    let api = Api::seeded().await;
    for (user, builds, devices) in [
        (1, None, vec![1, 2]),
        (2, Some(vec![1, 2, 5]), vec![1, 2]),
        (3, Some(vec![1, 2, 5]), vec![1, 2, 3]),
        (4, Some(vec![3, 5]), vec![3]),
        (5, None, vec![]),
        (6, Some(vec![1, 2, 3, 4, 5]), vec![1, 2, 3, 4]),
    ] {
        let (status, page) = api.ask(user, "/builds");
        assert_eq!(status, if builds.is_some() { 200 } else { 403 }, "{user}");
        assert_eq!(ids(&page), builds.clone().unwrap_or_default(), "{user}");
        for id in 1..=5 {
            let (status, _) = api.ask(user, &format!("/builds/{id}"));
            let expected = match &builds {
                Some(builds) if builds.contains(&id) => 200,
                Some(_) => 404,
                None => 403,
            };
            assert_eq!(status, expected, "build {id} for {user}");
            // An image belongs where its build does.
            let (image, _) = api.ask(user, &format!("/firmware-images/{id}"));
            assert_eq!(image, expected, "image {id} for {user}");
        }
        let (_, page) = api.ask(user, "/devices");
        assert_eq!(ids(&page), devices, "{user}");
    }
    let (status, category) = api.ask(2, "/categories/4");
    assert_eq!((status, &category["organization_id"]), (200, &Value::Null));
    api.world.assert_scoped();
}

#[tokio::test]
async fn writes_filters_and_parents_follow_from_the_same_lines() {
    let api = Api::seeded().await;
    let unknown = json!({"category": ["does_not_exist"]});
    for (user, method, path, body, status, errors) in [
        (
            2,
            "POST",
            "/builds",
            r#"{"version": "2.0", "category": 1}"#,
            201,
            Value::Null,
        ),
        (
            2,
            "POST",
            "/builds",
            r#"{"version": "2.0", "category_id": 1}"#,
            201,
            Value::Null,
        ),
        (
            2,
            "POST",
            "/builds",
            r#"{"version": "2.0", "category": 2}"#,
            400,
            unknown.clone(),
        ),
        (
            2,
            "POST",
            "/builds",
            r#"{"version": "2.0", "category": 77}"#,
            400,
            unknown.clone(),
        ),
        (
            2,
            "POST",
            "/builds",
            r#"{"version": "2.0", "category": 4}"#,
            400,
            unknown.clone(),
        ),
        (2, "PATCH", "/builds/1", r#"{"category": 2}"#, 400, unknown),
        (
            2,
            "PATCH",
            "/builds/1",
            r#"{"version": "1.0.1"}"#,
            200,
            Value::Null,
        ),
        (
            2,
            "PATCH",
            "/builds/3",
            r#"{"version": "1.0.1"}"#,
            404,
            Value::Null,
        ),
        (
            2,
            "PATCH",
            "/builds/5",
            r#"{"version": "1.0.1"}"#,
            403,
            Value::Null,
        ),
        (2, "DELETE", "/builds/1", "", 409, Value::Null),
        (
            2,
            "POST",
            "/categories",
            r#"{"name": "x"}"#,
            400,
            json!({"organization": ["required"]}),
        ),
        (
            6,
            "POST",
            "/categories",
            r#"{"name": "x"}"#,
            201,
            Value::Null,
        ),
        (
            2,
            "POST",
            "/devices",
            r#"{"name": "x", "organization": 3}"#,
            400,
            json!({"organization": ["does_not_exist"]}),
        ),
        (
            2,
            "POST",
            "/devices",
            r#"{"nam": "x"}"#,
            400,
            json!({"nam": ["unknown"], "name": ["required"], "organization": ["required"]}),
        ),
        (
            1,
            "POST",
            "/devices",
            r#"{"name": "x", "organization": 1}"#,
            403,
            Value::Null,
        ),
        (
            2,
            "POST",
            "/categories/1/builds",
            r#"{"version": "2.1"}"#,
            201,
            Value::Null,
        ),
        (
            2,
            "POST",
            "/categories/2/builds",
            r#"{"version": "2.1"}"#,
            404,
            Value::Null,
        ),
        (
            2,
            "POST",
            "/categories/4/builds",
            r#"{"version": "2.1"}"#,
            404,
            Value::Null,
        ),
        (2, "GET", "/categories/2/builds", "", 404, Value::Null),
        (
            2,
            "GET",
            "/builds?category=2",
            "",
            400,
            json!({"category": ["invalid_choice"]}),
        ),
        (
            2,
            "GET",
            "/builds?category=77",
            "",
            400,
            json!({"category": ["invalid_choice"]}),
        ),
        (
            2,
            "GET",
            "/builds?ordering=category_id",
            "",
            400,
            json!({"ordering": ["invalid_choice"]}),
        ),
        (
            2,
            "GET",
            "/firmware-images?name=x",
            "",
            400,
            json!({"name": ["unknown"]}),
        ),
    ] {
        let (came, answer) = api.send(user, method, path, body);
        assert_eq!(
            (came, &answer["errors"]),
            (status, &errors),
            "{method} {path} {body}: {answer}"
        );
    }
    let (_, page) = api.ask(
        2,
        "/builds?category=1&ordering=-version&version__icontains=2.",
    );
    assert_eq!(page["results"][0]["version"], "2.1");
    assert_eq!(page["count"], 3);
    let (_, page) = api.ask(2, "/categories/1/builds");
    assert_eq!(page["count"], 5);
    let (_, offered) = api.ask(4, "/firmware-images/choices/build");
    assert_eq!(offered, json!([{"id": 3, "label": "7.0"}]));
    api.world.assert_scoped();
}

/// Run with `ORGSCOPE_BLESS=1` to write it anew, and read the difference.
#[test]
fn access_md_is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/ACCESS.md");
    let report = crate::api::router().access_report();
    report
        .agrees_with(file)
        .unwrap_or_else(|outdated| panic!("{outdated}"));
}

#[tokio::test]
async fn a_login_brings_a_token_and_cursors_lead_through_the_devices() {
    let mut api = Api::seeded().await;
    let login = |password: &str| json!({"username": "root, superuser", "password": password});
    let refused = login("wrong").to_string();
    let (status, body) = api.send(1, "POST", "/token", &refused);
    assert_eq!(status, 400);
    assert_eq!(
        body["errors"],
        json!({"non_field_errors": ["authorization"]})
    );
    let right = login(crate::seed::PASSWORD).to_string();
    let (status, body) = api.send(1, "POST", "/token", &right);
    assert_eq!(status, 200);
    api.tokens = vec![body["token"].as_str().unwrap().to_owned()];
    let mut path = "/devices/newest?page_size=3".to_owned();
    let mut seen = Vec::new();
    loop {
        let (status, page) = api.ask(1, &path);
        assert_eq!(status, 200, "{page}");
        seen.extend(ids(&page));
        match page["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, [4, 3, 2, 1]);
    api.world.assert_scoped();
}

#[tokio::test]
async fn the_api_documents_itself() {
    let api = Api::seeded().await;
    let (status, document) = api.ask(1, "/openapi.json");
    assert_eq!(status, 200);
    let list = &document["paths"]["/builds"]["get"];
    assert_eq!(list["security"], json!([{ "bearer": [] }]));
    let parameters = list["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    assert!(named("category") && named("version__icontains") && named("page_size"));
    let body = &document["paths"]["/categories/{category_id}/builds"]["post"]["requestBody"];
    let body = &body["content"]["application/json"]["schema"];
    assert_eq!(body["required"], json!(["version"]));
    let (status, _) = api.ask(1, "/docs/");
    assert_eq!(status, 200);
}

/// Sends what the documentation promises to answer, and what it does not: `SCHEMATHESIS` names the program, which is a package of Python.
#[tokio::test]
async fn answers_are_as_documented() {
    let Ok(schemathesis) = std::env::var("SCHEMATHESIS") else {
        eprintln!("skipped: SCHEMATHESIS is not set");
        return;
    };
    let api = Api::seeded().await;
    let empty = std::env::temp_dir().join(format!("schemathesis-{}", std::process::id()));
    std::fs::create_dir_all(&empty).unwrap();
    let (_, document) = api.ask(1, "/openapi.json");
    let paths = document["paths"].as_object().unwrap().values();
    let operations: usize = paths.map(|path| path.as_object().unwrap().len()).sum();
    // A manager, and a superuser.
    for user in [2, 6] {
        // A body of the right form may name rows that do not exist, and an empty filter is none.
        let run = std::process::Command::new(&schemathesis)
            .args(["run", &format!("http://{}/openapi.json", api.address)])
            .args([
                "--header",
                &format!("Authorization: Bearer {}", api.tokens[user - 1]),
            ])
            .args([
                "--checks",
                "all",
                "--exclude-checks",
                "positive_data_acceptance,negative_data_rejection",
            ])
            .args(["--max-examples", "20"])
            .current_dir(&empty)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{said}");
        assert!(said.contains(&format!("{operations} selected")), "{said}");
    }
    std::fs::remove_dir_all(&empty).unwrap();
    api.world.assert_scoped();
}
