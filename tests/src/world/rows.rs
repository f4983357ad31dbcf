//! The rows of a world, made from its `world.json`.

use std::collections::BTreeMap;

use orgscope::identity::Migrations;
use serde_json::Value;

use super::models::SCHEMA;
use crate::databases::Fresh;

/// The keys of a world's rows and organizations by their symbolic names.
pub struct World {
    organizations: BTreeMap<String, i32>,
    objects: BTreeMap<String, String>,
}

impl World {
    /// Makes the tables and the rows.
    pub async fn make(fresh: &Fresh, world: &Value) -> World {
        fresh
            .batch(&Migrations::<i32, i32>::new().up(fresh.database))
            .await;
        fresh.batch(SCHEMA).await;
        let mut organizations = BTreeMap::new();
        for (id, (name, organization)) in (1..).zip(object(&world["organizations"])) {
            let slug = organization["slug"].as_str().unwrap_or(name);
            let active = if organization["active"] == false {
                "FALSE"
            } else {
                "TRUE"
            };
            fresh
                .batch(&format!("INSERT INTO organizations (id, name, slug, is_active) VALUES ({id}, '{name}', '{slug}', {active})"))
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
            if let Some(insert) = made.insert(name, row) {
                fresh.batch(&insert).await;
            }
        }
        made
    }

    /// The key of an object; for `no_such_object` one that no row has, for other unknown names the name itself.
    pub fn key(&self, world: &Value, resource: &str, name: &str) -> String {
        match self.objects.get(name) {
            Some(key) => key.clone(),
            None if name == "no_such_object" => key(world, resource, 999_999),
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
    pub fn organization(&self, name: &str) -> i32 {
        self.organizations[name]
    }

    /// The names and keys of all organizations.
    pub fn organizations(&self) -> impl Iterator<Item = (&String, i32)> {
        self.organizations.iter().map(|(name, key)| (name, *key))
    }

    /// Puts the object of a case back, if it was deleted.
    pub async fn restore(&self, fresh: &Fresh, world: &Value, given: &Value) {
        let name = given["object"].as_str().unwrap_or_default();
        let row = &world["objects"][name];
        if given["method"] != "DELETE" || row.is_null() {
            return;
        }
        if let (Some(insert), Some(table)) = (self.insert(name, row), table(row)) {
            let key = &self.objects[name];
            fresh
                .batch(&format!("DELETE FROM {table} WHERE id = '{key}'; {insert}"))
                .await;
        }
    }

    fn insert(&self, name: &str, row: &Value) -> Option<String> {
        let organization = match row["organization"].as_str() {
            Some(organization) => self.organization(organization).to_string(),
            None => "NULL".to_owned(),
        };
        let reference = |field: &str| match row[field].as_str() {
            Some(name) => format!("'{}'", self.objects[name]),
            None => "NULL".to_owned(),
        };
        let table = table(row)?;
        let values = match table {
            "configs" => format!("{organization}, {}", reference("template")),
            "books" => format!("{organization}, {}", reference("shelf")),
            "libraries" => reference("book"),
            _ => organization,
        };
        let key = &self.objects[name];
        Some(format!("INSERT INTO {table} VALUES ('{key}', {values})"))
    }
}

/// The table of an object's resource; `None` where no endpoint serves it.
fn table(row: &Value) -> Option<&'static str> {
    match row["resource"].as_str()? {
        "template" => Some("templates"),
        "tag" => Some("tags"),
        "shelf" => Some("shelves"),
        "config" => Some("configs"),
        "book" => Some("books"),
        "library" => Some("libraries"),
        _ => None,
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
