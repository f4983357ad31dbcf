//! The replay of recorded decisions against a server of the project, over HTTP on loopback.

use std::collections::BTreeMap;
use std::path::Path;

use orgscope::dialect::Database;
use orgscope::identity::{TokenOptions, issue_token};
use orgscope::pool::Pool;
use orgscope::prelude::Tenancy;
use serde_json::Value;

use crate::databases::Fresh;
use crate::http::{Answer, Http};
use crate::world::{endpoints, rows::World};

/// How a replay ended.
#[derive(Debug, Default)]
pub struct Outcome {
    pub passed: usize,
    pub failures: Vec<String>,
    pub not_yet: usize,
}

/// What `given` may say for a case to be replayed with the endpoints that exist. A case that says more needs more.
const UNDERSTOOD: &[&str] = &[
    "resource",
    "tenant_path",
    "model_permission_check",
    "authentication_required",
    "user",
    "credentials",
    "active",
    "superuser",
    "staff",
    "memberships",
    "model_permissions",
    "group_permissions",
    "method",
    "scope",
    "object",
    "object_org",
    "object_org_state",
    "policy",
    "scope_role",
    "write_role",
    "hidden",
    // Only bodies name relation targets.
    "include_shared",
];

/// Whether the method's case needs no body to be checked: reads and deletes, and what no endpoint of this kind answers.
fn is_without_body(given: &Value) -> bool {
    match (given["method"].as_str(), given["object"].is_string()) {
        (Some("GET" | "HEAD" | "DELETE"), _) | (Some("POST"), true) => true,
        (Some("PUT" | "PATCH"), is_object) => !is_object,
        _ => false,
    }
}

/// The roles of `memberships`, and what they are here: an owner manages, with the flag or without.
const ROLES: &[(&str, i32)] = &[
    ("member", 1),
    ("manager", 2),
    ("owner", 3),
    ("owner_not_manager", 3),
];

/// Replays every case file in a directory that has a `world.json`; `None` if there is no server for the database.
pub async fn replay(directory: &Path, database: Database) -> Option<Outcome> {
    let world = read(&directory.join("world.json"));
    let fresh = Fresh::make(database).await?;
    let mut outcome = Outcome::default();
    let mut by_user: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for case in cases(directory) {
        if understood(&case["given"]) {
            let user = user_of(&case["given"]);
            by_user.entry(user.to_string()).or_default().push(case);
        } else {
            outcome.not_yet += 1;
        }
    }
    let rows = World::make(&fresh, &world).await;
    let server = Server::start(&fresh).await;
    for (user, cases) in by_user {
        let user: Value = serde_json::from_str(&user).expect("it was a value");
        set_user(&fresh, &rows, &user).await;
        for case in cases {
            let difference = server.differs(&case, &world, &rows).await;
            rows.restore(&fresh, &world, &case["given"]).await;
            match difference {
                None => outcome.passed += 1,
                Some(difference) => outcome.failures.push(difference),
            }
        }
    }
    fresh.remove().await;
    Some(outcome)
}

fn read(path: &Path) -> Value {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cases of all files: every array in the directory whose elements have `given` and `expect`.
fn cases(directory: &Path) -> Vec<Value> {
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    let all = files.iter().filter_map(|file| match read(file) {
        Value::Array(cases) => Some(cases),
        _ => None,
    });
    all.flatten()
        .filter(|case| case["given"].is_object() && case["expect"].is_object())
        .collect()
}

/// Whether the endpoints that exist can answer the case.
fn understood(given: &Value) -> bool {
    let keys_known = given
        .as_object()
        .is_some_and(|given| given.keys().all(|key| UNDERSTOOD.contains(&key.as_str())));
    // Other answers for hidden rows than the recorded endpoints have.
    let own_scope = match given["policy"].as_str() {
        Some("open" | "authenticated") => "member",
        policy => policy.unwrap_or_default(),
    };
    let endpoint = given["hidden"] == "not_found" || given["scope_role"] == own_scope;
    let write_role = given["method"] != "DELETE" || given["write_role"] == given["scope_role"];
    let open = given["policy"] == "open" && given["model_permission_check"] == true;
    keys_known
        && is_without_body(given)
        && endpoint
        && write_role
        && !open
        && given["resource"].is_string()
}

/// What makes the acting user, apart from its name.
fn user_of(given: &Value) -> Value {
    serde_json::json!({
        "active": given["active"] != false,
        "superuser": given["superuser"] == true,
        "memberships": given["memberships"],
        "permissions": permissions(given, "model_permissions"),
        "group_permissions": permissions(given, "group_permissions"),
    })
}

/// The codenames of permissions on a case's resource.
fn permissions(given: &Value, key: &str) -> Vec<String> {
    let resource = given["resource"].as_str().unwrap_or_default();
    let verbs = given[key].as_array().into_iter().flatten();
    let verbs = verbs.filter_map(Value::as_str);
    verbs
        .map(|verb| format!("{}.{verb}_{resource}", env!("CARGO_PKG_NAME")))
        .collect()
}

/// Makes user 1 the acting user. Every other user manages one organization, and owns it unless the acting user does.
async fn set_user(fresh: &Fresh, rows: &World, user: &Value) {
    let (active, superuser) = (&user["active"], &user["superuser"]);
    let mut sql = format!(
        "DELETE FROM tokens; DELETE FROM memberships; DELETE FROM users; DELETE FROM access_groups;
         INSERT INTO users (id, username, is_active, is_superuser) VALUES (1, 'acting', {active}, {superuser});"
    );
    sql += "INSERT INTO access_groups (id, name) VALUES (1, 'acting');
            INSERT INTO group_members (user_id, group_id) VALUES (1, 1);";
    for (table, column, key) in [
        ("user_permissions", "user_id", "permissions"),
        ("group_permissions", "group_id", "group_permissions"),
    ] {
        for codename in user[key].as_array().into_iter().flatten() {
            let codename = codename.as_str().expect("a codename");
            sql += &format!("INSERT INTO {table} ({column}, codename) VALUES (1, '{codename}');");
        }
    }
    let memberships = user["memberships"].as_object();
    let role_in = |organization: &String| {
        let name = memberships?.get(organization)?.as_str()?;
        let role = ROLES.iter().find(|(role, _)| *role == name);
        Some(role.unwrap_or_else(|| panic!("no role {name}")).1)
    };
    for (name, organization) in rows.organizations() {
        let role = role_in(name);
        let seed_role = if role == Some(3) { 2 } else { 3 };
        let seed = 100 + organization;
        sql += &format!(
            "INSERT INTO users (id, username) VALUES ({seed}, 'seed {name}');
             INSERT INTO memberships (user_id, organization_id, role) VALUES ({seed}, {organization}, {seed_role});"
        );
        if let Some(role) = role {
            sql += &format!(
                "INSERT INTO memberships (user_id, organization_id, role) VALUES (1, {organization}, {role});"
            );
        }
    }
    fresh.batch(&sql).await;
}

struct Server {
    http: Http,
    pool: orgscope::AnyPool,
}

impl Server {
    async fn start(fresh: &Fresh) -> Server {
        let pool = fresh.pool.clone();
        let tenancy = Tenancy::new(pool.clone());
        let http = Http::serve(endpoints::router().into_axum().with_state(tenancy)).await;
        Server { http, pool }
    }

    /// Replays one case; tells how the answer differs.
    async fn differs(&self, case: &Value, world: &Value, rows: &World) -> Option<String> {
        let (given, expect) = (&case["given"], &case["expect"]);
        let answer = self.ask(given, world, rows).await;
        let resource = text(given, "resource");
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: &Value, came: Value| {
            if !expected.is_null() && *expected != came {
                differences.push(format!("{what} expected {expected}, came {came}"));
            }
        };
        compare("status", &expect["status"], answer.status.into());
        compare("reason", &expect["reason"], answer.body["reason"].clone());
        compare(
            "www_authenticate",
            &expect["www_authenticate"],
            answer.challenge.into(),
        );
        if expect["rows"].is_array() {
            let listed = answer.body.as_array().into_iter().flatten();
            let mut names: Vec<String> = listed
                .map(|row| rows.name(world, resource, &key_text(&row["id"])))
                .collect();
            names.sort();
            compare("rows", &expect["rows"], names.into());
        }
        let id = case["id"].as_str().unwrap_or("?");
        (!differences.is_empty()).then(|| format!("{id}: {}", differences.join("; ")))
    }

    async fn ask(&self, given: &Value, world: &Value, rows: &World) -> Answer {
        let resource = text(given, "resource");
        let segments = given["tenant_path"].as_array().expect("a path").iter();
        let path: Vec<&str> = segments
            .map(|segment| segment.as_str().expect("a step"))
            .collect();
        let perms = match given["model_permission_check"] == true {
            true => "perms",
            false => "none",
        };
        let mut path = format!(
            "/{}/{}/{}/{}/{}/{perms}",
            model(resource),
            path.join("."),
            text(given, "policy"),
            text(given, "scope_role"),
            text(given, "hidden"),
        );
        if let Some(object) = given["object"].as_str() {
            path = format!("{path}/{}", rows.key(world, resource, object));
        }
        let authorization = match given["credentials"].as_str() {
            Some("valid") => Some(format!("Bearer {}", self.token().await)),
            Some("invalid") => Some(format!("Bearer {}", "0".repeat(40))),
            _ => None,
        };
        self.http
            .ask(text(given, "method"), &path, authorization.as_deref())
    }

    async fn token(&self) -> String {
        let options = TokenOptions {
            name: "replay".into(),
            expires_at: None,
        };
        let mut conn = self.pool.connection().await.expect("a connection");
        let token = issue_token(1, options, &mut conn).await.expect("a token");
        token.reveal().to_owned()
    }
}

fn text<'a>(given: &'a Value, key: &str) -> &'a str {
    given[key]
        .as_str()
        .unwrap_or_else(|| panic!("`{key}` is missing in {given}"))
}

/// `template` is served as `Template`.
fn model(resource: &str) -> String {
    let mut letters = resource.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn key_text(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}
