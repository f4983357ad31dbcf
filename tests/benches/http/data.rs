//! The tables, the rows, and who asks for them.

use orgscope::dialect::Database;
use orgscope::identity::{Migrations, TokenOptions, issue_token};
use orgscope::pool::Pool;
use orgscope_suite::databases::Fresh;

diesel::table! { builds (id) { id -> Integer, version -> Text, created -> Integer, organization_id -> Nullable<Integer> } }

/// In how many organizations a caller is; it is the key of a user who is in so many.
pub(crate) const SIZES: [i32; 3] = [1, 20, 200];

const ORGANIZATIONS: i32 = 1000;
const ROWS: i32 = 100_000;

/// The organizations of a caller in `k` of them.
fn organizations(k: i32) -> impl Iterator<Item = i32> {
    (0..k).map(move |n| 2 + n * (ORGANIZATIONS / k))
}

/// Keys of rows that a caller in `k` organizations sees: row `i` is of the organization `1 + i % 1000`, every fiftieth is shared.
pub(crate) fn rows_of(k: i32) -> Vec<i32> {
    let organizations: Vec<i32> = organizations(k).collect();
    let rows = (0..100).flat_map(|hundred| {
        let base = hundred * ORGANIZATIONS;
        organizations.iter().map(move |one| base + one - 1)
    });
    rows.filter(|row| row % 50 != 0).take(500).collect()
}

/// Makes the tables, and a token for each of the callers.
pub(crate) async fn seed(fresh: &Fresh) -> Vec<(i32, String)> {
    let database = fresh.database;
    let memberships = SIZES.map(|k| {
        let rows: Vec<String> = organizations(k)
            .map(|organization| format!("({k}, {organization}, 2)"))
            .collect();
        format!(
            "INSERT INTO users (id, username) VALUES ({k}, 'user {k}'); \
             INSERT INTO memberships (user_id, organization_id, role) VALUES {};",
            rows.join(", ")
        )
    });
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ";
    fresh
        .batch(&format!(
            "{}
            CREATE TABLE builds (id INTEGER NOT NULL PRIMARY KEY, version VARCHAR(50) NOT NULL, created INTEGER NOT NULL, organization_id INTEGER);
            {numbers}{ORGANIZATIONS}) INSERT INTO organizations (id, slug, name) SELECT i, 'o' || i, 'o' || i FROM n;
            {}
            {numbers}{ROWS}) INSERT INTO builds SELECT i, 'version ' || i, CAST(i AS BIGINT) * 104729 % 1000003,
                CASE WHEN i % 50 = 0 THEN NULL ELSE 1 + i % {ORGANIZATIONS} END FROM n;
            CREATE INDEX builds_organization ON builds (organization_id, created);
            CREATE INDEX builds_created ON builds (created);",
            Migrations::<i32, i32>::new().up(database),
            memberships.concat(),
        ))
        .await;
    let mut conn = fresh.pool.connection().await.unwrap();
    let mut tokens = Vec::new();
    for k in SIZES {
        let issued = issue_token(k, TokenOptions::default(), &mut conn);
        tokens.push((k, issued.await.unwrap().reveal().to_owned()));
    }
    drop(conn);
    fresh
        .batch(match database {
            Database::Postgres => "VACUUM ANALYZE",
            _ => "ANALYZE",
        })
        .await;
    tokens
}
