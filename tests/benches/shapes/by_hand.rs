//! The same operations as somebody would write them who knows the database, in several ways.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use orgscope::dialect::Database;

use crate::data::{Model, organizations, own_row};
use crate::ours::Operation;
use crate::text::{LONGEST_LIST, Text, Value};

/// Statements that come to a number together, each to one row with one or to many that are added up.
pub(crate) type Statements = Vec<String>;

/// What statements bind.
pub(crate) type Values = Vec<(&'static str, Value)>;

pub(crate) fn values(model: Model, k: i32) -> Values {
    vec![
        ("keys", Value::keys(organizations(k).collect())),
        ("row", Value::Int(own_row(model, k))),
        ("user", Value::Int(k)),
        ("limit", Value::BigInt(20)),
    ]
}

/// A row, as our side loads it.
type Row = (Integer, Integer, Nullable<Integer>);

/// A connection that runs statements.
pub(crate) trait ByHand {
    fn by_hand(&mut self, statements: &Statements, values: &Values) -> i64;
}

macro_rules! runs {
    ($($connection:ty),*) => {$(
        impl ByHand for $connection {
            fn by_hand(&mut self, statements: &Statements, values: &Values) -> i64 {
                let run = |statement: &String| {
                    if statement.starts_with("UPDATE") {
                        let text = Text::<()>::new(statement, values);
                        return text.execute(self).unwrap() as i64;
                    }
                    if statement.starts_with("SELECT t.id") {
                        let text = Text::<Row>::new(statement, values);
                        let rows = text.load::<(i32, i32, Option<i32>)>(self).unwrap();
                        return rows.into_iter().map(|(id, ..)| i64::from(id)).sum();
                    }
                    Text::<BigInt>::new(statement, values).get_result::<i64>(self).unwrap()
                };
                statements.iter().map(run).sum()
            }
        }
    )*};
}

runs!(
    SqliteConnection,
    AsyncConnectionWrapper<AsyncPgConnection>,
    AsyncConnectionWrapper<AsyncMysqlConnection>
);

/// The ways to write an operation, with their names.
pub(crate) fn by_hand(
    operation: Operation,
    model: Model,
    database: Database,
    k: i32,
) -> Vec<(String, Statements)> {
    let of = |shape: Shape| (format!("{shape:?}"), shape);
    let shapes = match operation {
        Operation::List | Operation::Count | Operation::Exists => Shape::OF_LISTS.map(of).to_vec(),
        Operation::Get | Operation::Update => Shape::OF_ROWS.map(of).to_vec(),
        Operation::Page => {
            // Each of the two statements as one pleases.
            let pairs = by_hand(Operation::List, model, database, k);
            let counts = by_hand(Operation::Count, model, database, k);
            let pair = |(list, first): &(String, Statements)| {
                let both = counts.iter().map(|(count, second)| {
                    let statements = [first.clone(), second.clone()].concat();
                    (format!("{list}+{count}"), statements)
                });
                both.collect::<Vec<_>>()
            };
            return pairs.iter().flat_map(pair).collect();
        }
    };
    let write = |(name, shape): (String, Shape)| {
        let statement = statement(shape, operation, model, database, k)?;
        Some((name, vec![statement]))
    };
    shapes.into_iter().filter_map(write).collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    /// The organizations are bound.
    Bound,
    /// `IN (SELECT …)` over the memberships.
    Subselect,
    /// `EXISTS` for the membership of the row.
    Exists,
    /// A condition for each of two ranges: organizations, and shared rows.
    Ranges,
    /// The newest of each organization, and of these the newest.
    TopOfEach,
    /// Joined with the parent.
    Joined,
    /// By the index of the order, whatever the planner thinks.
    ByOrder,
}

impl Shape {
    const OF_LISTS: [Shape; 7] = [
        Shape::Bound,
        Shape::Subselect,
        Shape::Exists,
        Shape::Ranges,
        Shape::TopOfEach,
        Shape::Joined,
        Shape::ByOrder,
    ];
    const OF_ROWS: [Shape; 3] = [Shape::Bound, Shape::Subselect, Shape::Exists];
}

fn table(model: Model) -> &'static str {
    match model {
        Model::Owned => "owned",
        Model::Shared => "shared",
        Model::Path => "children",
    }
}

/// The organizations as the database takes a set.
fn bound(column: &str, database: Database, k: i32) -> String {
    match database {
        Database::Postgres => format!("{column} = ANY({{keys}})"),
        Database::Sqlite if k as usize > LONGEST_LIST => {
            format!("{column} IN (SELECT value FROM json_each({{keys}}))")
        }
        _ => format!("{column} IN ({{keys}})"),
    }
}

const MEMBERSHIPS: &str = "FROM memberships m INNER JOIN organizations o ON o.id = m.organization_id WHERE o.is_active AND m.role IN (2, 3)";

/// The condition on a column with the organization.
fn condition(shape: Shape, column: &str, database: Database, k: i32) -> String {
    match shape {
        Shape::Subselect => {
            format!("{column} IN (SELECT m.organization_id {MEMBERSHIPS} AND m.user_id = {{user}})")
        }
        Shape::Exists => format!(
            "EXISTS (SELECT 1 {MEMBERSHIPS} AND m.user_id = {{user}} AND m.organization_id = {column})"
        ),
        _ => bound(column, database, k),
    }
}

/// `SELECT … FROM … WHERE …`; `None` where the shape does not fit.
fn statement(
    shape: Shape,
    operation: Operation,
    model: Model,
    database: Database,
    k: i32,
) -> Option<String> {
    let table = table(model);
    let owner = match model {
        Model::Path => "parent_id",
        _ => "organization_id",
    };
    let columns = format!("t.id, t.created, t.{owner} AS owner");
    let is_list = operation == Operation::List;
    let with_shared = |condition: String| match model {
        Model::Shared => format!("({condition} OR t.organization_id IS NULL)"),
        _ => condition,
    };
    let condition = match (model, shape) {
        (Model::Path, Shape::Joined) => bound("p.organization_id", database, k),
        (_, Shape::Joined) => return None,
        (Model::Path, _) => format!(
            "t.parent_id IN (SELECT p.id FROM owned p WHERE {})",
            condition(shape, "p.organization_id", database, k)
        ),
        _ => with_shared(condition(shape, "t.organization_id", database, k)),
    };
    let from = match shape {
        Shape::Joined => format!("{table} t INNER JOIN owned p ON p.id = t.parent_id"),
        _ => format!("{table} t"),
    };
    // On SQLite, nothing correlated in a list of a million rows: minutes.
    if shape == Shape::Exists && database == Database::Sqlite && operation == Operation::Count {
        return None;
    }
    // Of a number in the text PostgreSQL makes a generic plan, which is bad for few organizations; SQLite plans anew for a bound one.
    let newest = match database {
        Database::Sqlite => "ORDER BY t.created DESC LIMIT 20",
        _ => "ORDER BY t.created DESC LIMIT {limit}",
    };
    let organization = bound("t.organization_id", database, k);
    match (shape, operation) {
        (Shape::Ranges, _) if model != Model::Shared => None,
        (Shape::Ranges, Operation::Count) => Some(format!(
            "SELECT (SELECT COUNT(*) FROM {from} WHERE {organization}) + \
             (SELECT COUNT(*) FROM {from} WHERE t.organization_id IS NULL) AS n"
        )),
        (Shape::Ranges, Operation::List) => Some(format!(
            "SELECT t.id, t.created, t.owner FROM (SELECT * FROM (SELECT {columns} FROM {from} WHERE {organization} {newest}) a \
             UNION ALL SELECT * FROM (SELECT {columns} FROM {from} WHERE t.organization_id IS NULL {newest}) b) t {newest}"
        )),
        (Shape::Ranges, _) => None,
        (Shape::TopOfEach, Operation::List)
            if model == Model::Owned && database == Database::Postgres && k > 1 =>
        {
            Some(format!(
                "SELECT t.id, t.created, t.organization_id AS owner FROM unnest({{keys}}) o CROSS JOIN LATERAL \
                 (SELECT * FROM owned t WHERE t.organization_id = o {newest}) t {newest}"
            ))
        }
        (Shape::TopOfEach, _) => None,
        (Shape::ByOrder, Operation::List)
            if database == Database::Sqlite && model != Model::Path =>
        {
            Some(format!(
                "SELECT {columns} FROM {from} WHERE {} {newest}",
                condition.replace("t.organization_id", "+t.organization_id")
            ))
        }
        (Shape::ByOrder, _) => None,
        (_, Operation::Count) => Some(format!(
            "SELECT COUNT(*) AS n FROM {from} WHERE {condition}"
        )),
        (_, Operation::Exists) => {
            let one = match database {
                Database::Mysql => "CAST(1 AS SIGNED)",
                _ => "CAST(1 AS BIGINT)",
            };
            Some(format!(
                "SELECT {one} AS n FROM {from} WHERE {condition} LIMIT 1"
            ))
        }
        (_, Operation::Get) => Some(format!(
            "SELECT {columns} FROM {from} WHERE t.id = {{row}} AND {condition}"
        )),
        (_, Operation::Update) => {
            // Shared rows are not changed.
            let condition = condition.replace("OR t.organization_id IS NULL", "");
            Some(format!(
                "UPDATE {table} SET created = 7 WHERE id = {{row}} AND {}",
                condition.replace("t.", &format!("{table}."))
            ))
        }
        _ if is_list => Some(format!(
            "SELECT {columns} FROM {from} WHERE {condition} {newest}"
        )),
        _ => None,
    }
}
