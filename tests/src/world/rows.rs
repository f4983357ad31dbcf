//! The rows of a world, made from its `world.json`.

use std::collections::BTreeMap;

use orgscope::identity::Migrations;
use serde_json::Value;

use super::models::schema;
use super::{Key, key as user_key, quoted};
use orgscope_suite::databases::Fresh;

/// The keys of a world's rows and organizations by their symbolic names.
pub struct World {
    organizations: BTreeMap<String, Key>,
    objects: BTreeMap<String, String>,
}

impl World {
    /// Makes the tables and the rows.
    pub async fn make(fresh: &Fresh, world: &Value) -> World {
        fresh
            .batch(&Migrations::<Key, Key>::new().up(fresh.database))
            .await;
        fresh.batch(&schema(fresh.database)).await;
        let mut organizations = BTreeMap::new();
        for (id, (name, organization)) in (1..).zip(object(&world["organizations"])) {
            let slug = organization["slug"].as_str().unwrap_or(name);
            let active = if organization["active"] == false {
                "FALSE"
            } else {
                "TRUE"
            };
            let id = user_key(id);
            fresh
                .batch(&format!("INSERT INTO organizations (id, name, slug, is_active) VALUES ({}, '{name}', '{slug}', {active})", quoted(id)))
                .await;
            organizations.insert(name.clone(), id);
        }
        let mut objects = BTreeMap::new();
        for (number, (name, row)) in (1..).zip(object(&world["objects"])) {
            let resource = row["resource"].as_str().expect("a resource");
            objects.insert(name.clone(), key(world, resource, number));
        }
        let made = World {
            organizations,
            objects,
        };
        for (name, row) in object(&world["objects"]) {
            fresh.batch(&made.insert(name, row)).await;
        }
        made
    }

    /// The key of an object; for `no_such_object` and `nonexistent` one that no row has, for other unknown names the name itself.
    pub fn key(&self, world: &Value, resource: &str, name: &str) -> String {
        match self.objects.get(name) {
            Some(key) => key.clone(),
            None if name == "no_such_object" || name == "nonexistent" => {
                key(world, resource, 999_999)
            }
            None => name.to_owned(),
        }
    }

    /// The name of the object of a resource with this key.
    pub fn name(&self, world: &Value, resource: &str, key: &str) -> String {
        let found = self.objects.iter().find(|(name, object)| {
            *object == key && world["objects"][name.as_str()]["resource"] == resource
        });
        found.map_or_else(|| format!("?{key}"), |(name, _)| name.clone())
    }

    /// The key of an organization.
    pub fn organization(&self, name: &str) -> Key {
        self.organizations[name]
    }

    /// The text that stands for an organization in a query string or a body.
    pub fn organization_text(&self, name: &str) -> String {
        match self.organizations.get(name) {
            Some(key) => key.to_string(),
            None if name == "nonexistent" => user_key(999_999).to_string(),
            None => name.to_owned(),
        }
    }

    /// The name of an organization by its key.
    pub fn organization_name(&self, key: &Value) -> Value {
        let found = self
            .organizations
            .iter()
            .find(|(_, other)| *key == other.to_string());
        found.map_or(Value::Null, |(name, _)| name.as_str().into())
    }

    /// The names and keys of all organizations.
    pub fn organizations(&self) -> impl Iterator<Item = (&String, Key)> {
        self.organizations.iter().map(|(name, key)| (name, *key))
    }

    /// Makes the state that a case starts from, where it is not that of the world: nothing refers to a template of which the case
    /// does not say so.
    pub async fn prepare(&self, fresh: &Fresh, given: &Value) {
        let name = given["object"].as_str().unwrap_or_default();
        let writes = matches!(given["method"].as_str(), Some("PUT" | "PATCH"));
        if let (true, "template", Some(key)) = (
            writes && given["object_has_dependents"] != true,
            given["resource"].as_str().unwrap_or_default(),
            self.objects.get(name),
        ) {
            let part = format!("UPDATE configs SET template_id = NULL WHERE template_id = {key}");
            fresh.batch(&part).await;
        }
    }

    /// Undoes what [`prepare`](Self::prepare) did, and what a case may have written: removes the rows with these keys, and puts its object back.
    pub async fn restore(&self, fresh: &Fresh, world: &Value, given: &Value, created: &[String]) {
        if given["method"] == "GET" || given["method"] == "HEAD" {
            return;
        }
        let mut sql = String::new();
        for key in created {
            sql += &format!("DELETE FROM shelf_tags WHERE shelf_id = '{key}';");
            for table in ["shelves", "books"] {
                sql += &format!("DELETE FROM {table} WHERE id = '{key}';");
            }
            if let Ok(key) = key.parse::<i32>() {
                for table in ["templates", "tags", "configs", "libraries", "notes"] {
                    sql += &format!("DELETE FROM {table} WHERE id = {key};");
                }
            }
        }
        let name = given["object"].as_str().unwrap_or_default();
        let row = &world["objects"][name];
        if let (false, Some(key)) = (row.is_null(), self.objects.get(name)) {
            let table = table(row);
            sql += &format!("DELETE FROM shelf_tags WHERE shelf_id = '{key}';");
            sql += &format!("DELETE FROM {table} WHERE id = '{key}';");
            sql += &self.insert(name, row);
        }
        for (other, row) in object(&world["objects"]) {
            if row["template"] == *name {
                let (key, template) = (&self.objects[other], &self.objects[name]);
                sql += &format!("UPDATE configs SET template_id = {template} WHERE id = {key};");
            }
        }
        fresh.batch(&sql).await;
    }

    fn insert(&self, name: &str, row: &Value) -> String {
        let organization = match row["organization"].as_str() {
            Some(organization) => quoted(self.organization(organization)),
            None => "NULL".to_owned(),
        };
        let reference = |field: &str| match row[field].as_str() {
            Some(name) => format!("'{}'", self.objects[name]),
            None => "NULL".to_owned(),
        };
        let table = table(row);
        let values = match table {
            "configs" => format!("{organization}, {}", reference("template")),
            "books" => format!("{organization}, {}", reference("shelf")),
            "libraries" => reference("book"),
            "notes" => format!("{}, {}", reference("config"), reference("library")),
            _ => organization,
        };
        let key = &self.objects[name];
        let mut sql = format!("INSERT INTO {table} VALUES ('{key}', '{name}', {values});");
        for tag in row["tags"].as_array().into_iter().flatten() {
            let tag = &self.objects[tag.as_str().expect("a tag")];
            sql += &format!("INSERT INTO shelf_tags VALUES ('{key}', '{tag}');");
        }
        sql
    }
}

/// The table of an object's resource.
fn table(row: &Value) -> &'static str {
    match row["resource"].as_str() {
        Some("template") => "templates",
        Some("tag") => "tags",
        Some("shelf") => "shelves",
        Some("config") => "configs",
        Some("book") => "books",
        Some("library") => "libraries",
        Some("note") => "notes",
        other => panic!("no table for {other:?}"),
    }
}

/// The key of the `number`-th object, of its resource's key type.
fn key(world: &Value, resource: &str, number: u32) -> String {
    match world["resources"][resource]["key_type"].as_str() {
        Some("uuid") => uuid::Uuid::from_u128(u128::from(number)).to_string(),
        _ => number.to_string(),
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().expect("an object").iter()
}
