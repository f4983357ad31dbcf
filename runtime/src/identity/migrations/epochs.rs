//! The SQL that gives callers another epoch whenever something changes that they have.
//!
//! An epoch is a random number and not a counter: a restored backup does not come by one that was there before. Nothing happens to rows by
//! themselves here: MySQL runs no triggers for rows that a foreign key removes, so that the tables they belong to have triggers as well, and
//! SQLite none for rows that `REPLACE` removes, so that those that come do.

use super::Migrations;
use super::tables::column;
use crate::dialect::Database;
use crate::key::Key;

/// The tables whose rows are what one user has, and the column with its key.
const OF_ONE: &[(&str, &str)] = &[
    ("users", "id"),
    ("memberships", "user_id"),
    ("group_members", "user_id"),
    ("user_permissions", "user_id"),
];

/// The tables whose rows concern anybody.
const OF_ALL: &[&str] = &["organizations", "access_groups", "group_permissions"];

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// A random number of 60 bits, so that two of them can be added.
const fn random(database: Database) -> &'static str {
    match database {
        Database::Sqlite => "(random() >> 3)",
        Database::Postgres => "('x' || left(md5(gen_random_uuid()::text), 15))::bit(60)::bigint",
        Database::Mysql => "CAST(CONV(LEFT(MD5(UUID()), 15), 16, 10) AS SIGNED)",
    }
}

impl<U: Key, K: Key> Migrations<U, K> {
    /// The tables of epochs, and the triggers on those of identity.
    pub(super) fn epochs(&self, database: Database) -> String {
        let (user, random) = (column::<U>(database), random(database));
        let mut sql = format!(
            "CREATE TABLE IF NOT EXISTS facts_epochs (user_id {user} NOT NULL PRIMARY KEY, epoch BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS facts_epoch (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), epoch BIGINT NOT NULL);
            DELETE FROM facts_epoch;
            INSERT INTO facts_epoch (id, epoch) VALUES (1, {random});\n"
        );
        let all = format!("UPDATE facts_epoch SET epoch = {random};");
        for (table, key) in OF_ONE {
            for event in EVENTS {
                // What a user is stands in the statement that finds it; only its coming and going takes others' rows along.
                if (*table, event) == ("users", "UPDATE") {
                    continue;
                }
                let renewed = rows(event).map(|row| renew(database, &format!("{row}.{key}")));
                sql += &trigger(database, table, event, &renewed.collect::<String>());
            }
        }
        for table in OF_ALL {
            for event in EVENTS {
                sql += &trigger(database, table, event, &all);
            }
        }
        if database == Database::Sqlite {
            sql += &dethroned();
        }
        if database == Database::Postgres {
            // Whoever empties a table at once says nothing of its rows.
            let tables = OF_ONE.iter().map(|(table, _)| table).chain(OF_ALL);
            for table in tables {
                sql += &trigger(database, table, "TRUNCATE", &all);
            }
        }
        sql
    }

    /// Removes them.
    pub(super) fn no_epochs(&self, database: Database) -> String {
        // `owners` are those of memberships.
        let tables = OF_ONE.iter().map(|(table, _)| table).chain(OF_ALL);
        let tables = tables.chain(match database {
            Database::Sqlite => &["owners"][..],
            Database::Postgres | Database::Mysql => &[],
        });
        let events = EVENTS.iter().chain(match database {
            Database::Postgres => &["TRUNCATE"][..],
            Database::Sqlite | Database::Mysql => &[],
        });
        let dropped = tables.flat_map(|table| {
            let names = events.clone().map(move |event| (name(table, event), table));
            names.map(|(name, table)| match database {
                Database::Postgres => format!(
                    "DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name};\n"
                ),
                Database::Sqlite | Database::Mysql => format!("DROP TRIGGER IF EXISTS {name};\n"),
            })
        });
        dropped.collect::<String>() + "DROP TABLE facts_epochs;\nDROP TABLE facts_epoch;\n"
    }
}

/// An owner whom `REPLACE` removes along with a new one: SQLite runs no trigger for that row, whose user is another than that of the new one.
fn dethroned() -> String {
    let random = random(Database::Sqlite);
    let owner = "FROM memberships WHERE organization_id = NEW.organization_id AND role = 3";
    let body = format!(
        "DELETE FROM facts_epochs WHERE user_id IN (SELECT user_id {owner});
        INSERT INTO facts_epochs (user_id, epoch) SELECT user_id, {random} {owner};"
    );
    let triggers = ["INSERT", "UPDATE"].map(|event| {
        let name = name("owners", event);
        format!(
            "DROP TRIGGER IF EXISTS {name};
            CREATE TRIGGER {name} BEFORE {event} ON memberships WHEN NEW.role = 3 BEGIN {body} END;\n"
        )
    });
    triggers.concat()
}

fn name(table: &str, event: &str) -> String {
    format!("facts_epoch_{table}_{}", event.to_lowercase())
}

/// What a trigger calls the rows that an event is about.
fn rows(event: &str) -> impl Iterator<Item = &'static str> {
    let (old, new) = (event != "INSERT", event != "DELETE");
    [(old, "OLD"), (new, "NEW")]
        .into_iter()
        .filter_map(|(is, row)| is.then_some(row))
}

/// Gives one user another epoch.
fn renew(database: Database, user: &str) -> String {
    let random = random(database);
    let insert = format!("INSERT INTO facts_epochs (user_id, epoch) VALUES ({user}, {random})");
    match database {
        // Not an upsert: how a statement resolves conflicts is how its triggers do.
        Database::Sqlite => format!("DELETE FROM facts_epochs WHERE user_id = {user}; {insert};"),
        Database::Postgres => {
            format!("{insert} ON CONFLICT (user_id) DO UPDATE SET epoch = excluded.epoch;")
        }
        Database::Mysql => format!("{insert} ON DUPLICATE KEY UPDATE epoch = VALUES(epoch);"),
    }
}

/// The trigger of one event on one table.
fn trigger(database: Database, table: &str, event: &str, body: &str) -> String {
    let name = name(table, event);
    match database {
        Database::Sqlite => format!(
            "DROP TRIGGER IF EXISTS {name};
            CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END;\n"
        ),
        Database::Mysql => format!(
            "DROP TRIGGER IF EXISTS {name};
            CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW BEGIN {body} END;\n"
        ),
        Database::Postgres => {
            let each = match event {
                "TRUNCATE" => "STATEMENT",
                _ => "ROW",
            };
            format!(
                "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT
                AS $body$ BEGIN {body} RETURN NULL; END $body$;
                DROP TRIGGER IF EXISTS {name} ON {table};
                CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}();\n"
            )
        }
    }
}
