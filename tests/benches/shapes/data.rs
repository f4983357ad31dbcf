//! The tables and their rows.

use diesel::prelude::*;
use orgscope::dialect::Database;
use orgscope::identity::Migrations;
use orgscope::{OrgScoped, Principal, Role};

use crate::ours::Operation;

diesel::table! { owned (id) { id -> Integer, created -> Integer, organization_id -> Integer } }
diesel::table! { shared (id) { id -> Integer, created -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { children (id) { id -> Integer, created -> Integer, parent_id -> Integer } }

/// A row that belongs to an organization.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = owned)]
#[allow(dead_code)]
pub(crate) struct Owned {
    pub(crate) id: i32,
    created: i32,
    organization_id: i32,
}

/// The same; one of fifty belongs to all.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = shared)]
#[org_scoped(shared = read)]
#[allow(dead_code)]
pub(crate) struct Shared {
    pub(crate) id: i32,
    created: i32,
    organization_id: Option<i32>,
}

/// A row that belongs to the organization of its parent.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = children)]
#[org_scoped(org_field = "parent.organization", relation(model = Owned, column = parent_id))]
#[allow(dead_code)]
pub(crate) struct Child {
    pub(crate) id: i32,
    created: i32,
    parent_id: i32,
}

/// Which of the models is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Model {
    Owned,
    Shared,
    Path,
}

impl Model {
    pub(crate) const ALL: [Model; 3] = [Model::Owned, Model::Shared, Model::Path];
}

/// In how many organizations a caller is; it is the key of a user who is in so many.
pub(crate) const SIZES: [i32; 4] = [1, 20, 200, 2000];

pub(crate) const ORGANIZATIONS: i32 = 5000;

pub(crate) fn rows() -> i32 {
    let rows = std::env::var("ORGSCOPE_BENCH_ROWS").ok();
    let rows: i32 = rows.map_or(1_000_000, |rows| rows.parse().unwrap());
    let fits = rows % ORGANIZATIONS == 0 && (ORGANIZATIONS..=1_000_000).contains(&rows);
    assert!(fits, "a multiple of {ORGANIZATIONS}, up to a million");
    rows
}

/// The organizations of a caller in `k` of them.
pub(crate) fn organizations(k: i32) -> impl Iterator<Item = i32> {
    (0..k).map(move |n| 2 + n * (ORGANIZATIONS / k))
}

/// The key of a row of the caller's.
pub(crate) fn own_row(model: Model, k: i32) -> i32 {
    // Row `i` is of the organization `1 + i % 5000`, unless it is a multiple of 50 and shared; the parent of `i` is a row `i + 1 + n * 5000`.
    let organization = organizations(k).find(|one| one % 50 != 1).unwrap();
    let row = rows() / ORGANIZATIONS / 2 * ORGANIZATIONS + organization - 1;
    match model {
        Model::Path => row - 1,
        Model::Owned | Model::Shared => row,
    }
}

/// The caller: with memberships for lists, without them for single rows, as handlers have them.
pub(crate) fn caller(operation: Operation, k: i32) -> Principal {
    match operation {
        Operation::Get | Operation::Update => {
            Principal::with_highest_role(k, false, Some(Role::Manager))
        }
        _ => Principal::new(k, false, organizations(k).map(|one| (one, Role::Manager))),
    }
}

pub(crate) fn schema(database: Database) -> String {
    let digits = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    let joined: Vec<String> = (0..6).map(|at| format!("{digits} d{at}")).collect();
    let number: Vec<String> = (0..6)
        .map(|at| format!("d{at}.d * {}", 10_i32.pow(at)))
        .collect();
    let numbers = format!(
        "(SELECT 1 + {} AS i FROM {}) n WHERE i <= {}",
        number.join(" + "),
        joined.join(", "),
        rows(),
    );
    let users = SIZES.map(|k| {
        let memberships: Vec<String> = organizations(k)
            .map(|organization| format!("({k}, {organization}, 2)"))
            .collect();
        format!(
            "INSERT INTO users (id, username) VALUES ({k}, 'user {k}'); \
             INSERT INTO memberships (user_id, organization_id, role) VALUES {};",
            memberships.join(", ")
        )
    });
    let analyze = match database {
        Database::Mysql => {
            "ANALYZE TABLE owned; ANALYZE TABLE shared; ANALYZE TABLE children; ANALYZE TABLE memberships; ANALYZE TABLE organizations;"
        }
        // Cannot be among other statements.
        Database::Postgres => "",
        _ => "ANALYZE;",
    };
    format!(
        "{}
        CREATE TABLE owned (id INTEGER NOT NULL PRIMARY KEY, created INTEGER NOT NULL, organization_id INTEGER NOT NULL);
        CREATE TABLE shared (id INTEGER NOT NULL PRIMARY KEY, created INTEGER NOT NULL, organization_id INTEGER);
        CREATE TABLE children (id INTEGER NOT NULL PRIMARY KEY, created INTEGER NOT NULL, parent_id INTEGER NOT NULL);
        INSERT INTO organizations (id, slug, name) SELECT i, CONCAT('o', i), CONCAT('o', i) FROM {numbers} AND i <= {ORGANIZATIONS};
        {}
        INSERT INTO owned SELECT i, CAST(i AS BIGINT) * 104729 % 1000003, 1 + i % {ORGANIZATIONS} FROM {numbers};
        INSERT INTO shared SELECT i, CAST(i AS BIGINT) * 104729 % 1000003, CASE WHEN i % 50 = 0 THEN NULL ELSE 1 + i % {ORGANIZATIONS} END FROM {numbers};
        INSERT INTO children SELECT i, CAST(i AS BIGINT) * 15485863 % 1000003, 1 + CAST(i AS BIGINT) * 15001 % {} FROM {numbers};
        CREATE INDEX owned_organization ON owned (organization_id, created);
        CREATE INDEX owned_created ON owned (created);
        CREATE INDEX shared_organization ON shared (organization_id, created);
        CREATE INDEX shared_created ON shared (created);
        CREATE INDEX children_parent ON children (parent_id);
        CREATE INDEX children_created ON children (created);
        {analyze}",
        Migrations::<i32, i32>::new().up(database),
        users.concat(),
        rows(),
    )
    .replace("CAST(i AS BIGINT)", match database {
        // There, a whole number is this large without being asked.
        Database::Mysql => "i",
        _ => "CAST(i AS BIGINT)",
    })
}
