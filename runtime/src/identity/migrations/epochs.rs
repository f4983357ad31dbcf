//! The SQL that gives callers another epoch whenever something changes that they have.
//!
//! An epoch is a random number and not a counter: a restored backup does not come by one that was there before. Rows that go by themselves
//! have no triggers here: MySQL runs none for rows that a foreign key removes, so that the tables they belong to have triggers as well, and
//! SQLite none for rows that `REPLACE` removes, so that those that come do.

use super::Migrations;
use super::tables::column;
use crate::dialect::Database;
use crate::key::Key;

/// The tables whose rows are what one user has, and the column with its key.
const OF_ONE: [(&str, &str); 4] = [
    ("users", "id"),
    ("memberships", "user_id"),
    ("group_members", "user_id"),
    ("user_permissions", "user_id"),
];

/// The tables whose rows concern anybody.
const OF_ALL: [&str; 3] = ["organizations", "access_groups", "group_permissions"];

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// A random number of 60 bits, so that two of them can be added.
const fn random(database: Database) -> &'static str {
    match database {
        Database::Sqlite => "(random() >> 4)",
        Database::Postgres => "('x' || left(md5(gen_random_uuid()::text), 15))::bit(60)::bigint",
        Database::Mysql => "CAST(CONV(LEFT(MD5(UUID()), 15), 16, 10) AS SIGNED)",
    }
}

/// A trigger: its name, its table, when it runs, and what it does.
struct Trigger {
    name: String,
    table: &'static str,
    when: &'static str,
    /// `WHEN …`, or nothing.
    condition: &'static str,
    body: String,
}

impl<U: Key, K: Key> Migrations<U, K> {
    /// The tables of epochs, and the triggers on those of identity. No cache believes anything before the last trigger is there: the row of all
    /// says so, and is there from the beginning, so that whoever changes something in the meantime holds it.
    pub(super) fn epochs(&self, database: Database) -> String {
        let (user, random) = (column::<U>(database), random(database));
        let triggers = self.triggers(database);
        let triggers: String = triggers.map(|trigger| trigger.make(database)).collect();
        let (ignore, conflict) = match database {
            Database::Sqlite => ("OR IGNORE", ""),
            Database::Postgres => ("", "ON CONFLICT DO NOTHING"),
            Database::Mysql => ("IGNORE", ""),
        };
        format!(
            "CREATE TABLE IF NOT EXISTS facts_epochs (user_id {user} NOT NULL PRIMARY KEY, epoch BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS facts_epoch_of_all
                (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), epoch BIGINT NOT NULL, is_believed BOOLEAN NOT NULL);
            INSERT {ignore} INTO facts_epoch_of_all (id, epoch, is_believed) VALUES (1, {random}, FALSE) {conflict};
            UPDATE facts_epoch_of_all SET is_believed = FALSE WHERE id = 1;
            {triggers}
            INSERT {ignore} INTO facts_epochs (user_id, epoch) SELECT id, {random} FROM users {conflict};
            UPDATE facts_epoch_of_all SET epoch = {random}, is_believed = TRUE WHERE id = 1;\n"
        )
    }

    /// Removes them; nothing is believed before the first trigger is gone.
    pub(super) fn no_epochs(&self, database: Database) -> String {
        let triggers = self.triggers(database);
        let triggers: String = triggers.map(|trigger| trigger.drop(database)).collect();
        format!(
            "UPDATE facts_epoch_of_all SET is_believed = FALSE WHERE id = 1;\n{triggers}\
             DROP TABLE facts_epochs;\nDROP TABLE facts_epoch_of_all;\n"
        )
    }

    fn triggers(&self, database: Database) -> impl Iterator<Item = Trigger> {
        let of_one = OF_ONE.iter().flat_map(move |(table, key)| {
            // What a user is stands in the statement that finds it; only its coming and going takes rows of other tables along.
            let events = EVENTS.iter();
            let events = events.filter(move |event| (*table, **event) != ("users", "UPDATE"));
            events.map(move |event| {
                let renewed = rows(event).map(|row| renew(database, &format!("{row}.{key}")));
                Trigger::after(table, event, renewed.collect())
            })
        });
        let of_all = OF_ALL.iter().flat_map(move |table| {
            let events = EVENTS.iter();
            events.map(move |event| Trigger::after(table, event, renew_all(database)))
        });
        let of_a_database = match database {
            Database::Sqlite => replaced_owners(),
            Database::Postgres => emptied(),
            Database::Mysql => Vec::new(),
        };
        let all = of_one.chain(of_all).chain(of_a_database);
        let layout = self.layout;
        all.filter(move |trigger| layout.is_bundled(trigger.table))
    }
}

impl Trigger {
    fn after(table: &'static str, event: &str, body: String) -> Trigger {
        let name = format!("facts_epoch_{table}_{}", event.to_lowercase());
        let when = match event {
            "INSERT" => "AFTER INSERT",
            "UPDATE" => "AFTER UPDATE",
            _ => "AFTER DELETE",
        };
        Trigger {
            name,
            table,
            when,
            condition: "",
            body,
        }
    }

    fn make(&self, database: Database) -> String {
        let dropped = self.drop(database);
        let Trigger {
            name,
            table,
            when,
            condition,
            body,
        } = self;
        match database {
            Database::Sqlite => format!(
                "{dropped}CREATE TRIGGER {name} {when} ON {table} {condition} BEGIN {body} END;\n"
            ),
            Database::Mysql => format!(
                "{dropped}CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW BEGIN {body} END;\n"
            ),
            Database::Postgres => {
                let each = match *when {
                    "AFTER TRUNCATE" => "STATEMENT",
                    _ => "ROW",
                };
                let random = random(database);
                // The tables of epochs are beside the table, whatever the search path of whoever changes it.
                format!(
                    "{dropped}CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
                    DECLARE renewed BIGINT := {random};
                    BEGIN {body} RETURN NULL; END $body$;
                    CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}();\n"
                )
            }
        }
    }

    fn drop(&self, database: Database) -> String {
        let Trigger { name, table, .. } = self;
        match database {
            Database::Postgres => format!(
                "DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name};\n"
            ),
            Database::Sqlite | Database::Mysql => format!("DROP TRIGGER IF EXISTS {name};\n"),
        }
    }
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
        Database::Postgres => format!(
            "EXECUTE format('INSERT INTO %I.facts_epochs (user_id, epoch) VALUES ($1, $2) \
             ON CONFLICT (user_id) DO UPDATE SET epoch = excluded.epoch', TG_TABLE_SCHEMA) USING {user}, renewed;"
        ),
        Database::Mysql => format!("{insert} ON DUPLICATE KEY UPDATE epoch = VALUES(epoch);"),
    }
}

/// Gives all users another epoch. On PostgreSQL also those whom a transaction with an old snapshot does not see yet: it conflicts.
fn renew_all(database: Database) -> String {
    match database {
        Database::Postgres => "EXECUTE format('INSERT INTO %I.facts_epoch_of_all (id, epoch, is_believed) VALUES (1, $1, FALSE) \
             ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch', TG_TABLE_SCHEMA) USING renewed;"
            .to_owned(),
        Database::Sqlite | Database::Mysql => {
            let random = random(database);
            format!("UPDATE facts_epoch_of_all SET epoch = {random} WHERE id = 1;")
        }
    }
}

/// On PostgreSQL, whoever empties a table at once says nothing of its rows.
fn emptied() -> Vec<Trigger> {
    let tables = OF_ONE.iter().map(|(table, _)| *table).chain(OF_ALL);
    let triggers = tables.map(|table| Trigger {
        name: format!("facts_epoch_{table}_truncate"),
        table,
        when: "AFTER TRUNCATE",
        condition: "",
        body: renew_all(Database::Postgres),
    });
    triggers.collect()
}

/// An owner whom SQLite's `REPLACE` removes along with a new one: no trigger runs for that row, whose user is another than that of the new one.
fn replaced_owners() -> Vec<Trigger> {
    let random = random(Database::Sqlite);
    let owner = "FROM memberships WHERE organization_id = NEW.organization_id AND role = 3";
    let body = format!(
        "DELETE FROM facts_epochs WHERE user_id IN (SELECT user_id {owner});
        INSERT INTO facts_epochs (user_id, epoch) SELECT user_id, {random} {owner};"
    );
    let triggers = [("insert", "BEFORE INSERT"), ("update", "BEFORE UPDATE")];
    let triggers = triggers.map(|(event, when)| Trigger {
        name: format!("facts_epoch_owners_{event}"),
        table: "memberships",
        when,
        condition: "WHEN NEW.role = 3",
        body: body.clone(),
    });
    triggers.into()
}
