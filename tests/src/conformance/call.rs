//! What a case sends: the path of the endpoint that `given` describes, and the body, with keys instead of symbolic names.

use serde_json::{Map, Value, json};

use crate::world::rows::World;

/// What a case sends.
pub(super) struct Call {
    pub(super) path: String,
    pub(super) media_type: &'static str,
    pub(super) body: String,
    /// The keys that new rows are given.
    pub(super) created: Vec<String>,
}

/// The keys of new rows: of integers, and of texts.
const NEW: (i32, &str) = (9001, "9001-new");
const NEW_NESTED: &str = "9002-new";

impl Call {
    pub(super) fn of(given: &Value, world: &Value, rows: &World) -> Call {
        let is_form = given["encoding"] == "form";
        let has_body = matches!(given["method"].as_str(), Some("POST" | "PUT" | "PATCH"));
        let (media_type, body) = match is_form {
            _ if !has_body => ("application/json", String::new()),
            true => (
                "application/x-www-form-urlencoded",
                form(given, world, rows),
            ),
            false => ("application/json", body(given, world, rows).to_string()),
        };
        Call {
            path: path(given, world, rows),
            media_type,
            body,
            created: vec![NEW.0.to_string(), NEW.1.to_owned(), NEW_NESTED.to_owned()],
        }
    }
}

/// The path of the endpoint that `given` describes.
fn path(given: &Value, world: &Value, rows: &World) -> String {
    let resource = text(given, "resource");
    let steps = |path: &Value| {
        let steps = path.as_array().expect("a path").iter();
        let steps: Vec<&str> = steps.map(|step| step.as_str().expect("a step")).collect();
        steps.join(".")
    };
    let form = if given["organization_read_only"] == true {
        "readonly"
    } else if given["organization_field_name"].is_string() {
        "aliased"
    } else if given["nested"].is_string() {
        "nested"
    } else if given["include_shared"] == true {
        "shared"
    } else {
        "plain"
    };
    let perms = match given["model_permission_check"] == true {
        true => "perms",
        false => "none",
    };
    let (policy, scope) = (text(given, "policy"), text(given, "scope_role"));
    let own = format!(
        "{}/{}/{policy}/{scope}",
        model(resource),
        steps(&given["tenant_path"])
    );
    let mut path = match given["parent_resource"].as_str() {
        Some(parent) => {
            let parent_path = steps(&given["parent_tenant_path"]);
            let model = match (parent, parent_path.as_str()) {
                ("config", "template.organization") => "ConfigByTemplate".to_owned(),
                _ => model(parent),
            };
            let key = rows.key(world, parent, text(given, "parent"));
            format!("/{form}/under/{model}/{parent_path}/{key}/{own}/{perms}")
        }
        None => {
            let (write, hidden) = (text(given, "write_role"), text(given, "hidden"));
            format!("/{form}/{own}/{write}/{hidden}/{perms}")
        }
    };
    if let Some(object) = given["object"].as_str() {
        path = format!("{path}/{}", rows.key(world, resource, object));
    }
    let query = query(given, world, rows);
    if !query.is_empty() {
        path = format!("{path}?{query}");
    }
    path
}

/// The query string of a case.
fn query(given: &Value, world: &Value, rows: &World) -> String {
    let mut pairs = Vec::new();
    for (name, values) in given["query"].as_object().into_iter().flatten() {
        let one = std::slice::from_ref(values);
        for value in values.as_array().map_or(one, Vec::as_slice) {
            let value = value.as_str().expect("a text");
            let value = match name.rsplit("__").next() {
                Some("organization") => rows.organization_text(value),
                Some("organization_slug") => value.to_owned(),
                _ => rows.key(world, singular(name), value),
            };
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            pairs.push(format!("{name}={value}"));
        }
    }
    pairs.join("&")
}

/// `tags` are of the resource `tag`.
fn singular(relation: &str) -> &str {
    relation.strip_suffix('s').unwrap_or(relation)
}

/// What a body says, with the fields that are always valid.
fn body(given: &Value, world: &Value, rows: &World) -> Value {
    let creates = given["object"].is_null() && given["method"] == "POST";
    let resource = text(given, "resource");
    let mut fields = fields(&given["body"], world, rows);
    let has_body = !given["body"].is_null();
    if creates && has_body {
        complete(&mut fields, resource, world, (json!(NEW.0), NEW.1));
        if let Some(nested) = given["nested"].as_str() {
            let mut inner = self::fields(&given["body"][nested], world, rows);
            complete(&mut inner, nested, world, (json!(NEW.0), NEW_NESTED));
            fields.insert(nested.to_owned(), inner.into());
        }
    }
    if !creates {
        fields.insert("name".into(), "renamed".into());
    }
    fields.into()
}

/// Adds what every new row of a resource needs.
fn complete(fields: &mut Map<String, Value>, resource: &str, world: &Value, key: (Value, &str)) {
    let is_text = world["resources"][resource]["key_type"] == "uuid";
    let key = if is_text { key.1.into() } else { key.0 };
    fields.insert("id".into(), key);
    fields.insert("name".into(), "new".into());
    if resource == "shelf" && !fields.contains_key("tags") {
        fields.insert("tags".into(), json!([]));
    }
}

/// The fields of a body with keys instead of symbolic names.
fn fields(body: &Value, world: &Value, rows: &World) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in body.as_object().into_iter().flatten() {
        let key = |value: &Value| match (value.as_str(), name.as_str()) {
            (None, _) => value.clone(),
            (Some(""), _) => "".into(),
            (Some(text), "organization" | "org") => rows.organization_text(text).into(),
            (Some(text), relation) => {
                let resource = singular(relation);
                let key = rows.key(world, resource, text);
                match world["resources"][resource]["key_type"] == "uuid" {
                    true => key.into(),
                    false => number(key),
                }
            }
        };
        let value = match value {
            Value::Array(values) => values.iter().map(key).collect(),
            Value::Object(_) => continue,
            value => key(value),
        };
        fields.insert(name.clone(), value);
    }
    fields
}

fn number(text: String) -> Value {
    text.parse::<i32>()
        .map_or_else(|_| text.into(), Value::from)
}

/// The same body as a form.
fn form(given: &Value, world: &Value, rows: &World) -> String {
    let body = body(given, world, rows);
    let mut pairs = Vec::new();
    for (name, value) in body.as_object().into_iter().flatten() {
        let one = std::slice::from_ref(value);
        for value in value.as_array().map_or(one, Vec::as_slice) {
            let value = if value.is_null() {
                String::new()
            } else {
                key_text(value)
            };
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            pairs.push(format!("{name}={value}"));
        }
    }
    pairs.join("&")
}

pub(super) fn text<'a>(given: &'a Value, key: &str) -> &'a str {
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

pub(super) fn key_text(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}
