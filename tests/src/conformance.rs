//! The replay of recorded decisions against a server of the project, over HTTP on loopback.

mod authentication;
mod call;
mod identity;
mod setup;
mod transitions;

use std::collections::BTreeMap;
use std::path::Path;

use diesel::ExpressionMethods;
use orgscope::identity::TokenOptions;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use serde_json::{Value, json};

pub use self::identity::Identity;
pub use self::setup::{Framework, Setup};

use self::call::{Call, key_text, text};
use crate::world::models::{Shelf, ShelfTag, shelf_tags};
use crate::world::{Key, Principal, endpoints, key, quoted, rows::World};
use orgscope_suite::databases::Fresh;
use orgscope_suite::http::{Answer, Http};
use orgscope_suite::progress::Progress;

/// How a replay ended.
#[derive(Debug, Default)]
pub struct Outcome {
    pub passed: usize,
    pub failures: Vec<String>,
    pub not_yet: usize,
}

impl Outcome {
    /// Compares what came of a case with what is expected of it; a key that is not expected may be anything.
    fn judge(&mut self, id: &str, expect: &Value, came: &Value) {
        let expected = expect.as_object().into_iter().flatten();
        let differences: Vec<String> = expected
            .filter(|(key, value)| came[key.as_str()] != **value)
            .map(|(key, value)| format!("{key} expected {value}, came {}", came[key.as_str()]))
            .collect();
        match differences.is_empty() {
            true => self.passed += 1,
            false => self
                .failures
                .push(format!("{id}: {}", differences.join("; "))),
        }
    }
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
    "change",
    "scope",
    "object",
    "object_org",
    "object_org_state",
    "object_shelf",
    "object_has_dependents",
    "object_is_under_parent",
    "policy",
    "scope_role",
    "write_role",
    "hidden",
    "include_shared",
    "body",
    "encoding",
    "nested",
    "organization_read_only",
    "organization_field_name",
    "relation",
    "relation_tenant_path",
    "relation_target",
    "relation_target_org",
    "relation_target_org_state",
    "filterable",
    "query",
    "parent",
    "parent_resource",
    "parent_tenant_path",
    "parent_filter",
    "parent_key_type",
    "parent_org",
    "parent_org_state",
];

/// The roles of `memberships`, and what they are here: an owner manages, with the flag or without.
const ROLES: &[(&str, i32)] = &[
    ("member", 1),
    ("manager", 2),
    ("owner", 3),
    ("owner_not_manager", 3),
];

/// Replays every case file in a directory that has a `world.json`; `None` if there is no server for the database.
pub async fn replay(directory: &Path, setup: Setup) -> Option<Outcome> {
    let identity = setup.identity;
    let world = read(&directory.join("world.json"));
    let fresh = Fresh::make(setup.database).await?;
    let mut outcome = Outcome::default();
    let mut by_user: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let (mut about_credentials, mut about_changes) = (Vec::new(), Vec::new());
    for case in cases(directory) {
        if authentication::is_about_credentials(&case["given"]) {
            about_credentials.push(case);
        } else if transitions::is_about_changes(&case) {
            about_changes.push(case);
        } else if understood(&case["given"]) {
            let user = user_of(&case["given"]);
            by_user.entry(user.to_string()).or_default().push(case);
        } else {
            outcome.not_yet += 1;
        }
    }
    let rows = World::make(&fresh, &world).await;
    identity.make(&fresh).await;
    let server = Server::start(&fresh, setup).await;
    let mut progress = Progress::of(
        "cases",
        by_user.values().map(|cases| cases.len() as u64).sum(),
    );
    for (user, cases) in by_user {
        let user: Value = serde_json::from_str(&user).expect("it was a value");
        set_user(&fresh, identity, &rows, &user).await;
        for case in cases {
            let call = Call::of(&case["given"], &world, &rows);
            rows.prepare(&fresh, &case["given"]).await;
            let difference = server.differs(&case, &call, &world, &rows).await;
            rows.restore(&fresh, &world, &case["given"], &call.created)
                .await;
            match difference {
                None => outcome.passed += 1,
                Some(difference) => outcome.failures.push(difference),
            }
            progress.is_at(outcome.passed as u64 + outcome.failures.len() as u64);
        }
    }
    for case in &about_changes {
        transitions::replay(case, &fresh, &server, &world, &rows, &mut outcome).await;
    }
    fresh.remove().await;
    let about = (&about_credentials[..], &world);
    authentication::replay(about, setup, &mut outcome).await;
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
    let is_loose = matches!(given["policy"].as_str(), Some("open" | "authenticated"));
    let own_scope = match given["policy"].as_str() {
        Some(policy) if !is_loose => policy,
        _ => "member",
    };
    let has_parent = given["parent_resource"].is_string();
    let endpoint = has_parent || given["hidden"] == "not_found" || given["scope_role"] == own_scope;
    let perms = given["model_permission_check"] == true;
    let loose_write = is_loose && !perms && given["hidden"] == "forbidden";
    let write_role = given["write_role"] == given["scope_role"] || loose_write;
    let parent_role = !has_parent
        || given["parent_filter"] == given["scope_role"]
            && matches!(given["policy"].as_str(), Some("authenticated" | "manager"));
    let open = given["policy"] == "open" && perms;
    keys_known && endpoint && write_role && parent_role && !open && given["resource"].is_string()
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

/// The key of the acting user.
const ACTING: Key = key(1);

/// Makes the acting user. Every other user manages one organization, and owns it unless the acting user does.
async fn set_user(fresh: &Fresh, identity: Identity, rows: &World, user: &Value) {
    let (active, superuser) = (&user["active"], &user["superuser"]);
    let acting = quoted(ACTING);
    let mut sql = format!(
        "DELETE FROM tokens; DELETE FROM memberships; DELETE FROM users; DELETE FROM access_groups;
         INSERT INTO users (id, username, is_active, is_superuser) VALUES ({acting}, 'acting', {active}, {superuser});
         INSERT INTO access_groups (id, name) VALUES (1, 'acting');
         INSERT INTO group_members (user_id, group_id) VALUES ({acting}, 1);"
    );
    for (table, column, holder, key) in [
        (
            "user_permissions",
            "user_id",
            acting.as_str(),
            "permissions",
        ),
        ("group_permissions", "group_id", "1", "group_permissions"),
    ] {
        for codename in user[key].as_array().into_iter().flatten() {
            let codename = codename.as_str().expect("a codename");
            sql += &format!(
                "INSERT INTO {table} ({column}, codename) VALUES ({holder}, '{codename}');"
            );
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
        let seed = quoted(key(organization.0.as_u128() + 100));
        let organization = quoted(organization);
        sql += &format!(
            "INSERT INTO users (id, username) VALUES ({seed}, 'seed {name}');
             INSERT INTO memberships (user_id, organization_id, role) VALUES ({seed}, {organization}, {seed_role});"
        );
        if let Some(role) = role {
            sql += &format!(
                "INSERT INTO memberships (user_id, organization_id, role) VALUES ({acting}, {organization}, {role});"
            );
        }
    }
    fresh.batch(&sql).await;
    let conn = &mut fresh.pool.connection().await.expect("a connection");
    identity.settle(conn).await.expect("tables");
}

struct Server {
    http: Http,
    pool: orgscope::AnyPool,
    identity: Identity,
}

impl Server {
    async fn start(fresh: &Fresh, setup: Setup) -> Server {
        let pool = fresh.pool.clone();
        let tenancy = setup.tenancy(fresh);
        let http = setup.framework.serve(endpoints::routes(), tenancy).await;
        Server {
            http,
            pool,
            identity: setup.identity,
        }
    }

    /// Replays one case; tells how the answer differs.
    async fn differs(
        &self,
        case: &Value,
        call: &Call,
        world: &Value,
        rows: &World,
    ) -> Option<String> {
        let (given, expect) = (&case["given"], &case["expect"]);
        let answer = self.ask(given, call).await;
        let resource = text(given, "resource");
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: &Value, came: Value| {
            if !expected.is_null() && *expected != came {
                differences.push(format!("{what} expected {expected}, came {came}"));
            }
        };
        compare("status", &expect["status"], answer.status.into());
        compare("reason", &expect["reason"], answer.body["reason"].clone());
        compare("errors", &expect["errors"], answer.body["errors"].clone());
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
        for (field, expected) in expect["saved"].as_object().into_iter().flatten() {
            let saved = self.saved(field, &answer.body, world, rows).await;
            // NULL is an answer here.
            if *expected != saved {
                compare(
                    &format!("saved {field}"),
                    &json!([expected]),
                    json!([saved]),
                );
            }
        }
        let id = case["id"].as_str().unwrap_or("?");
        (!differences.is_empty()).then(|| format!("{id}: {}", differences.join("; ")))
    }

    /// What was saved of a row, under the symbolic names.
    async fn saved(&self, field: &str, row: &Value, world: &Value, rows: &World) -> Value {
        let reference = |resource: &str, key: &Value| match key {
            Value::Null => Value::Null,
            key => rows.name(world, resource, &key_text(key)).into(),
        };
        let mut conn = self.pool.connection().await.expect("a connection");
        match field {
            "organization" => rows.organization_name(&row["organization_id"]),
            "tags" => {
                let shelf = key_text(&row["id"]);
                let joins = Scope::<ShelfTag>::global().filter(shelf_tags::shelf_id.eq(shelf));
                let joins: Vec<ShelfTag> = joins.load(&mut conn).await.expect("rows");
                let mut names: Vec<String> = joins
                    .iter()
                    .map(|join| rows.name(world, "tag", &join.tag_id.to_string()))
                    .collect();
                names.sort();
                names.into()
            }
            "shelf_organization" => {
                let everybody = Principal::new(ACTING, true, []);
                let shelf = Scope::<Shelf>::new::<policy::Anyone>(&everybody);
                match shelf.get(key_text(&row["shelf_id"]), &mut conn).await {
                    Ok(shelf) => rows.organization_name(&json!(shelf.organization_id)),
                    Err(_) => "no shelf".into(),
                }
            }
            resource => reference(resource, &row[format!("{resource}_id")]),
        }
    }

    async fn ask(&self, given: &Value, call: &Call) -> Answer {
        let authorization = match given["credentials"].as_str() {
            Some("valid") => Some(format!("Bearer {}", self.token().await)),
            Some("invalid") => Some(format!("Bearer {}", "0".repeat(40))),
            _ => None,
        };
        let mut headers = vec![("content-type", call.media_type)];
        headers.extend(
            authorization
                .as_deref()
                .map(|value| ("authorization", value)),
        );
        self.http.send(
            text(given, "method"),
            &call.path,
            &headers,
            call.body.clone(),
        )
    }

    async fn token(&self) -> String {
        let options = TokenOptions {
            name: "replay".into(),
            expires_at: None,
            ..TokenOptions::default()
        };
        let mut conn = self.pool.connection().await.expect("a connection");
        let token = self.identity.token(ACTING, options, &mut conn);
        token.await.expect("a token")
    }
}
