//! The cases about changes: what a user may before and after something happened to it, and what the tables then say.

mod events;

use diesel::prelude::*;
use orgscope::facts::Facts;
use orgscope::identity::{TokenOptions, issue_token, list_tokens, principal, principal_in};
use orgscope::pool::Pool;
use orgscope::prelude::*;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::{ACTING, Identity, Outcome, Server, set_user, user_of};
use crate::world::django::Django;
use crate::world::rows::World;
use crate::world::{Key, Principal, quoted};
use events::Events;
use orgscope_suite::databases::Fresh;

diesel::table! { tokens (id) { id -> BigInt, digest -> Binary } }

/// What is stored of a token.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = tokens)]
#[org_scoped(global, reason = "the replay looks at what is stored")]
struct StoredToken {
    digest: Vec<u8>,
}

/// Whether it is a case about changes, or about what a user is.
pub(super) fn is_about_changes(case: &Value) -> bool {
    let given = &case["given"];
    given["events"].is_array()
        || given["question"].is_string()
        || case["expect"]["is_member"].is_array()
}

/// Replays one case.
pub(super) async fn replay(
    case: &Value,
    fresh: &Fresh,
    server: &Server,
    world: &Value,
    rows: &World,
    outcome: &mut Outcome,
) {
    let given = &case["given"];
    let initial = match given["initial"].is_object() {
        true => &given["initial"],
        false => given,
    };
    let organizations = "UPDATE organizations SET is_active = FALSE;".to_owned();
    let enabled = rows
        .organizations()
        .filter(|(name, _)| world["organizations"][name.as_str()]["active"] != false);
    let enabled = enabled.fold(organizations, |sql, (_, key)| {
        format!(
            "{sql} UPDATE organizations SET is_active = TRUE WHERE id = {};",
            quoted(key)
        )
    });
    fresh.batch(&enabled).await;
    set_user(fresh, server.identity, rows, &user_of(initial)).await;
    let came = if given["question"].is_string() {
        stored(fresh).await
    } else if given["events"].is_array() {
        changed(case, fresh, server, world, rows).await
    } else {
        predicates(fresh, server.identity, rows).await
    };
    outcome.judge(case["id"].as_str().unwrap_or("?"), &case["expect"], &came);
}

/// Where the acting user has which role.
async fn predicates(fresh: &Fresh, identity: Identity, rows: &World) -> Value {
    let conn = &mut fresh.pool.connection().await.expect("a connection");
    let caller: Option<Principal> = match identity {
        Identity::Bundled | Identity::Cached => principal(ACTING, Facts::MEMBERSHIPS, conn).await,
        Identity::Django => principal_in::<Django, _, _>(ACTING, Facts::MEMBERSHIPS, conn).await,
    }
    .expect("an answer");
    let roles = |lowest: Role| -> Value {
        let holds = |key: &Key| {
            let role = caller.as_ref().and_then(|caller| caller.role_in(key));
            role.is_some_and(|role| role >= lowest)
        };
        let of = rows.organizations().filter(|(_, key)| holds(key));
        of.map(|(name, _)| name.as_str()).collect()
    };
    let no_organization = |lowest: Role| {
        // A row without an organization is nobody's to have a role in: there is no key to ask for.
        let all = caller
            .as_ref()
            .and_then(Principal::memberships)
            .unwrap_or_default();
        all.iter().any(|(key, role)| {
            !rows.organizations().any(|(_, other)| other == *key) && *role >= lowest
        })
    };
    json!({
        "is_member": roles(Role::Member),
        "is_manager": roles(Role::Manager),
        "is_owner": roles(Role::Owner),
        "member_list": roles(Role::Member),
        "managed_list": roles(Role::Manager),
        "owned_list": roles(Role::Owner),
        "is_member_of_null": no_organization(Role::Member),
        "is_manager_of_null": no_organization(Role::Manager),
        "is_owner_of_null": no_organization(Role::Owner),
    })
}

/// How tokens are stored.
async fn stored(fresh: &Fresh) -> Value {
    let conn = &mut fresh.pool.connection().await.expect("a connection");
    let mut texts = Vec::new();
    for _ in 0..2 {
        let options = TokenOptions {
            name: "replay".into(),
            expires_at: Some(i64::MAX),
            ..TokenOptions::default()
        };
        let token = issue_token(ACTING, options, conn).await.expect("a token");
        texts.push(token.reveal().to_owned());
    }
    let infos = list_tokens(ACTING, conn).await.expect("tokens");
    let digests: Vec<StoredToken> = Scope::<StoredToken>::global()
        .load(conn)
        .await
        .expect("rows");
    let is_presented = |stored: &[u8]| texts.iter().any(|text| text.as_bytes() == stored);
    json!({
        "stored_equals_presented": digests.iter().any(|token| is_presented(&token.digest)),
        "is_primary_key": infos.iter().any(|info| texts.contains(&info.id.to_string())),
        "one_per_user": infos.len() == 1,
        "has_expiry_column": infos.iter().all(|info| info.expires_at == Some(i64::MAX)),
    })
}

/// What the user may before and after the events.
async fn changed(
    case: &Value,
    fresh: &Fresh,
    server: &Server,
    world: &Value,
    rows: &World,
) -> Value {
    let given = &case["given"];
    let probing = Probing {
        given,
        server,
        world,
        rows,
        token: server.token().await,
    };
    let mut events = Events::new(fresh, server.identity, rows, given).await;
    let mut came = Map::new();
    if case["expect"]["statuses"].is_array() {
        let mut statuses = vec![probing.status(given)];
        for event in given["events"].as_array().into_iter().flatten() {
            events.happen(event.as_str().expect("an event")).await;
            statuses.push(probing.status(given));
        }
        came.insert("statuses".into(), statuses.into());
        return came.into();
    }
    if given["probe_before_events"] != false {
        came.insert("before".into(), probing.all());
    }
    for event in given["events"].as_array().into_iter().flatten() {
        match event.as_str().expect("an event") {
            "another request of the same user is served" => drop(probing.all()),
            event => events.happen(event).await,
        }
    }
    events.end().await;
    came.insert("after".into(), probing.all());
    came.insert("result".into(), events.result(case).await);
    came.into()
}

/// The endpoints of a case, asked by the acting user.
struct Probing<'a> {
    given: &'a Value,
    server: &'a Server,
    world: &'a Value,
    rows: &'a World,
    token: String,
}

impl Probing<'_> {
    fn ask(&self, given: &Value) -> orgscope_suite::http::Answer {
        let call = Call::of(given, self.world, self.rows);
        let method = given["method"].as_str().unwrap_or("GET");
        let authorization = format!("Bearer {}", self.token);
        self.server
            .http
            .ask(method, &call.path, Some(&authorization))
    }

    /// The status of a request for the case's object, by the rule of an endpoint.
    fn status(&self, rule: &Value) -> u16 {
        self.ask(&self.about(rule, true)).status
    }

    /// What `given` would say of a request for a template.
    fn about(&self, rule: &Value, one: bool) -> Value {
        let mut given = json!({
            "resource": "template",
            "tenant_path": ["organization"],
            "method": "GET",
            "scope": "collection",
        });
        for key in [
            "policy",
            "scope_role",
            "write_role",
            "hidden",
            "model_permission_check",
        ] {
            given[key] = rule[key].clone();
        }
        if one {
            given["object"] = match &self.given["object"] {
                Value::Null => "tpl_a".into(),
                object => object.clone(),
            };
            given["scope"] = "object".into();
        }
        given
    }

    /// All probes: the statuses of details, and the rows of lists.
    fn all(&self) -> Value {
        let mut came = Map::new();
        for (name, rule) in self.given["probes"].as_object().into_iter().flatten() {
            let answer = match name.starts_with("detail") {
                true => self.status(rule).into(),
                false => self.rows(rule),
            };
            came.insert(name.clone(), answer);
        }
        came.into()
    }

    fn rows(&self, rule: &Value) -> Value {
        let answer = self.ask(&self.about(rule, false));
        let Some(rows) = answer.body.as_array().filter(|_| answer.status == 200) else {
            return answer.status.into();
        };
        let name = |row: &Value| {
            let key = super::key_text(&row["id"]);
            self.rows.name(self.world, "template", &key)
        };
        let mut names: Vec<String> = rows.iter().map(name).collect();
        names.sort();
        names.into()
    }
}
