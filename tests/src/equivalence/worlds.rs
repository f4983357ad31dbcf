//! Worlds: organizations, callers and rows, in memory and in a database.

use std::collections::BTreeMap;

use orgscope::identity::Migrations;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope::{AnyConnection, Subscription};

use super::models::{MODELS, Missing, Model};
use super::truth::{Caller, End, Row};
use orgscope_suite::databases::Fresh;

/// A world.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Whether each is enabled.
    pub organizations: BTreeMap<i32, bool>,
    pub callers: Vec<Caller>,
    /// What each row of each table refers to.
    tables: BTreeMap<&'static str, BTreeMap<i32, Option<i32>>>,
    /// Whether group 1 owns, edits and views a row that has groups.
    groups: BTreeMap<i32, [bool; 3]>,
}

/// How many rows a table of a random world has at most.
const ROWS: i32 = 16;
/// A key that nothing has.
const NOBODY: i32 = 77_777;

impl World {
    pub fn random(random: &mut fastrand::Rng) -> World {
        let mut world = World::default();
        for key in 1..=random.i32(2..6) {
            world.organizations.insert(key, random.u8(..4) > 0);
        }
        for id in 1..=6 {
            let mut memberships = BTreeMap::new();
            for key in world.organizations.keys() {
                let mut role = Role::from_code(random.i32(0..4));
                let is_owned = |caller: &Caller| caller.memberships.get(key) == Some(&Role::Owner);
                if role == Some(Role::Owner) && world.callers.iter().any(is_owned) {
                    role = Some(Role::Manager);
                }
                memberships.extend(role.map(|role| (*key, role)));
            }
            world.callers.push(Caller {
                id,
                superuser: id == 1,
                memberships: if random.u8(..5) == 0 {
                    BTreeMap::new()
                } else {
                    memberships
                },
                in_group: random.bool(),
                in_root: random.u8(..5) == 0,
                may_export: random.bool(),
                subscription: [
                    Subscription::Never,
                    Subscription::Former,
                    Subscription::Current,
                ][random.usize(..3)],
            });
        }
        for model in MODELS {
            let mut rows = BTreeMap::new();
            for id in 1..=random.i32(1..=ROWS) {
                let refers_to = world.referred(model, random);
                rows.insert(id, refers_to);
                if model.has_groups {
                    world
                        .groups
                        .insert(id, [(); 3].map(|()| random.u8(..3) == 0));
                }
            }
            world.tables.insert(model.table, rows);
        }
        world
    }

    /// Two organizations and a disabled one, a row for everything that a row can be, and every caller that there can be.
    pub fn small() -> World {
        let mut world = World {
            organizations: [(1, true), (2, true), (3, false)].into(),
            ..World::default()
        };
        let roles = [
            None,
            Some(Role::Member),
            Some(Role::Manager),
            Some(Role::Owner),
        ];
        let mut id = 0;
        for first in roles {
            for second in roles {
                for (superuser, in_root) in [(false, false), (true, false), (false, true)] {
                    id += 1;
                    let memberships = [(1, first), (2, second), (3, first)];
                    let memberships = memberships
                        .into_iter()
                        .filter_map(|(key, role)| Some((key, role?)));
                    world.callers.push(Caller {
                        id,
                        superuser,
                        memberships: memberships.collect(),
                        in_group: true,
                        in_root,
                        may_export: false,
                        subscription: Subscription::Never,
                    });
                }
            }
        }
        for model in MODELS {
            // What it refers to: each there is, one that is missing, and none.
            let mut refers_to: Vec<Option<i32>> = match model.above {
                None => world.organizations.keys().copied().map(Some).collect(),
                Some(above) => world.tables[above].keys().copied().map(Some).collect(),
            };
            refers_to.push(Some(NOBODY));
            refers_to.extend(model.is_nullable.then_some(None));
            let rows = (1..).zip(refers_to).collect();
            world.tables.insert(model.table, rows);
            if model.has_groups {
                let all = [
                    [true, false, false],
                    [false, true, false],
                    [false, false, true],
                    [false; 3],
                ];
                let rows: Vec<i32> = world.tables[model.table].keys().copied().collect();
                world
                    .groups
                    .extend(rows.into_iter().zip(all.into_iter().cycle()));
            }
        }
        world
    }

    /// Something that a row of a model might refer to, if it is to refer to something.
    pub fn referred(&self, model: &Model, random: &mut fastrand::Rng) -> Option<i32> {
        if model.is_nullable && random.u8(..4) == 0 {
            return None;
        }
        if random.u8(..8) == 0 {
            return Some(NOBODY);
        }
        let keys: Vec<i32> = match model.above {
            None => self.organizations.keys().copied().collect(),
            Some(above) => self.tables[above].keys().copied().collect(),
        };
        Some(random.choice(keys).unwrap_or(NOBODY))
    }

    /// The rows of a model, and what they refer to.
    pub fn rows(&self, model: &Model) -> &BTreeMap<i32, Option<i32>> {
        &self.tables[model.table]
    }

    /// Whether there is what a row of a model would refer to.
    pub fn exists(&self, model: &Model, key: i32) -> bool {
        match model.above {
            None => self.organizations.contains_key(&key),
            Some(above) => self.tables[above].contains_key(&key),
        }
    }

    /// What a row would belong to that refers to this.
    pub fn end_above(&self, model: &Model, key: i32) -> End {
        match model.above {
            None => End::Organization(key),
            Some(above) => self.end(above, key, model.missing),
        }
    }

    /// Whether a row that refers to this has an organization that there is.
    pub fn ends_somewhere(&self, model: &Model, refers_to: Option<i32>) -> bool {
        let end = refers_to.map(|key| self.end_above(model, key));
        matches!(end, Some(End::Organization(key)) if self.organizations.contains_key(&key))
    }

    fn end(&self, table: &str, id: i32, missing: Missing) -> End {
        let Some(refers_to) = self.tables[table].get(&id) else {
            return End::Broken;
        };
        let model = MODELS
            .iter()
            .find(|model| model.table == table)
            .expect("a model");
        match (refers_to, model.above) {
            (Some(key), None) => End::Organization(*key),
            (None, None) if missing == Missing::Shared => End::Shared,
            (Some(key), Some(above)) => self.end(above, *key, missing),
            (None, _) => End::Broken,
        }
    }

    /// A row as a rule sees it.
    pub fn row(&self, model: &Model, id: i32) -> Row<'_> {
        let groups = match model.has_groups {
            true => self.groups.get(&id).copied().unwrap_or_default(),
            false => [false; 3],
        };
        Row {
            world: self,
            end: self.end(model.table, id, model.missing),
            groups,
        }
    }

    /// Puts walls around the tables, and connects as somebody who has to stay behind them.
    pub async fn walled(&self, fresh: &Fresh) -> AnyConnection {
        for model in MODELS {
            fresh.batch(&(model.walls)()).await;
        }
        let pool = fresh.guest(1).await;
        pool.connection().await.expect("a connection")
    }

    /// Makes the tables and the rows.
    pub async fn store(&self, fresh: &Fresh) {
        let mut sql = Migrations::<i32, i32>::new().up(fresh.database);
        for (key, is_active) in &self.organizations {
            sql += &format!(
                "INSERT INTO organizations VALUES ({key}, 'o{key}', 'o{key}', {is_active});"
            );
        }
        sql += "INSERT INTO access_groups VALUES (1, 'one', NULL), (2, 'two', 1);";
        let mut owners: BTreeMap<i32, i32> = BTreeMap::new();
        for caller in &self.callers {
            let (id, superuser) = (caller.id, caller.superuser);
            sql += &format!(
                "INSERT INTO users (id, username, is_superuser) VALUES ({id}, 'u{id}', {superuser});"
            );
            for (key, role) in &caller.memberships {
                let mut role = role.code();
                // There is one owner; the others are only given.
                if role == 3 && *owners.entry(*key).or_insert(id) != id {
                    role = 2;
                }
                sql += &format!(
                    "INSERT INTO memberships (user_id, organization_id, role) VALUES ({id}, {key}, {role});"
                );
            }
            for (is_in, group) in [(caller.in_group, 1), (caller.in_root, 2)] {
                if is_in {
                    sql += &format!("INSERT INTO group_members VALUES ({id}, {group});");
                }
            }
            if caller.may_export {
                sql += &format!("INSERT INTO user_permissions VALUES ({id}, 'app.export');");
            }
            match caller.subscription {
                Subscription::Never => {}
                Subscription::Former => {
                    sql += &format!("INSERT INTO subscriptions VALUES ({id}, 1, 2);")
                }
                Subscription::Current => {
                    sql += &format!("INSERT INTO subscriptions VALUES ({id}, 1, NULL);")
                }
            }
        }
        for model in MODELS {
            let (table, column) = (
                model.table,
                if model.above.is_some() {
                    "parent_id"
                } else {
                    "organization_id"
                },
            );
            let null = if model.is_nullable { "" } else { " NOT NULL" };
            let more = match (model.has_groups, model.mirrors) {
                (true, _) => ", owner_group_id INTEGER",
                (_, true) => ", organization_id INTEGER",
                _ => "",
            };
            sql += &format!(
                "CREATE TABLE {table} (id INTEGER NOT NULL PRIMARY KEY, {column} INTEGER{null}{more});"
            );
            for (id, refers_to) in self.rows(model) {
                let key = refers_to.map_or_else(|| "NULL".to_owned(), |key| key.to_string());
                sql += &format!("INSERT INTO {table} (id, {column}) VALUES ({id}, {key});");
            }
            if let (true, Some(above)) = (model.mirrors, model.above) {
                sql += &format!(
                    "UPDATE {table} SET organization_id = \
                     (SELECT organization_id FROM {above} WHERE {above}.id = {table}.parent_id);"
                );
            }
        }
        for table in ["held_editors", "held_viewers"] {
            sql += &format!(
                "CREATE TABLE {table} (held_id INTEGER NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (held_id, group_id));"
            );
        }
        for (id, [owns, edits, views]) in &self.groups {
            if *owns {
                sql += &format!("UPDATE held SET owner_group_id = 1 WHERE id = {id};");
            }
            for (holds, table) in [(edits, "held_editors"), (views, "held_viewers")] {
                if *holds {
                    sql += &format!("INSERT INTO {table} VALUES ({id}, 1);");
                }
            }
        }
        fresh.batch(&sql).await;
    }
}
