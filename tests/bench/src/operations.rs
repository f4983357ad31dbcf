//! The operations, each written both ways: 10,000 rows of 1,000 organizations, of which the caller is in `k`.

use std::sync::atomic::{AtomicI32, Ordering};

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use orgscope::connection::Blocking;
use orgscope::dialect::Database;
use orgscope::policy::Member;
use orgscope::{OrgChangeset, OrgInput, OrgScoped, Principal, Role, Scope};

diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { builds (id) { id -> Integer, version -> Text, category_id -> Integer } }
diesel::table! { organizations (id) { id -> Integer, is_active -> Bool } }
diesel::table! { memberships (user_id, organization_id) { user_id -> Integer, organization_id -> Integer } }
diesel::allow_tables_to_appear_in_same_query!(categories, builds, organizations, memberships);

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
struct Category {
    id: i32,
    #[allow(dead_code)]
    name: String,
    #[allow(dead_code)]
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization")]
struct Build {
    id: i32,
    #[allow(dead_code)]
    version: String,
    #[allow(dead_code)]
    category_id: i32,
}

/// Whose code runs.
#[derive(Clone, Copy)]
pub enum Side {
    Ours,
    ByHand,
}

impl Side {
    pub fn name(self) -> &'static str {
        match self {
            Side::Ours => "ours",
            Side::ByHand => "other",
        }
    }
}

#[derive(OrgInput)]
#[diesel(table_name = builds)]
#[org_input(model = Build)]
struct NewBuild {
    id: i32,
    version: String,
    category_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = builds)]
#[org_changeset(model = Build)]
struct BuildChanges {
    version: Option<String>,
}

/// A key that no row has had.
fn new_key() -> i32 {
    static NEXT: AtomicI32 = AtomicI32::new(1_000_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub const OPERATIONS: [&str; 9] = [
    "list",
    "count",
    "get",
    "list-path",
    "count-path",
    "get-path",
    "insert-path",
    "update-path",
    // A row that can be deleted has to be inserted.
    "insert-and-delete-path",
];

const USER: i32 = 1;

/// Tables and rows; made anew for each `k`.
pub fn schema(database: Database, k: i32) -> String {
    let numbers =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";
    let recursion = match database {
        Database::Mysql => {
            "SET SESSION max_recursive_iterations = 20000; SET SESSION cte_max_recursion_depth = 20000;"
        }
        _ => "",
    };
    let recursion = recursion.split_inclusive(';').next().unwrap_or_default();
    // MariaDB has the CTE behind INSERT INTO, as the others do.
    format!(
        "{recursion}
        DROP TABLE IF EXISTS builds; DROP TABLE IF EXISTS categories;
        DROP TABLE IF EXISTS memberships; DROP TABLE IF EXISTS organizations;
        CREATE TABLE organizations (id INTEGER NOT NULL PRIMARY KEY, is_active BOOLEAN NOT NULL DEFAULT TRUE);
        CREATE TABLE memberships (user_id INTEGER NOT NULL, organization_id INTEGER NOT NULL, role INTEGER NOT NULL, PRIMARY KEY (user_id, organization_id));
        CREATE TABLE categories (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id INTEGER NOT NULL);
        CREATE TABLE builds (id INTEGER NOT NULL PRIMARY KEY, version VARCHAR(50) NOT NULL, category_id INTEGER NOT NULL);
        CREATE INDEX categories_organization ON categories (organization_id);
        CREATE INDEX builds_category ON builds (category_id);
        INSERT INTO organizations (id) {numbers} SELECT i FROM n WHERE i <= 1000;
        INSERT INTO memberships {numbers} SELECT {USER}, i, 1 FROM n WHERE i <= {k};
        INSERT INTO categories {numbers} SELECT i, 'category', 1 + i % 1000 FROM n;
        INSERT INTO builds {numbers} SELECT i, 'version', i FROM n;"
    )
}

fn keys(k: i32) -> Vec<i32> {
    (1..=k).collect()
}

/// A synchronous connection that runs every operation on both sides.
pub trait Runs {
    fn ours(&mut self, operation: &str, caller: &Principal, id: i32) -> i64;
    fn by_hand(&mut self, operation: &str, keys: &[i32], id: i32) -> i64;
}

macro_rules! runs {
    ($($connection:ty),*) => {$(
        impl Runs for $connection {
            fn ours(&mut self, operation: &str, caller: &Principal, id: i32) -> i64 {
                type K = Blocking;
                match operation {
                    "list" => Scope::<Category>::new::<Member>(caller)
                        .order(categories::id).limit(20).load::<_, K, _>(self).unwrap().len() as i64,
                    "count" => Scope::<Category>::new::<Member>(caller).count::<_, K>(self).unwrap(),
                    "get" => Scope::<Category>::new::<Member>(caller).get::<_, K>(id, self).unwrap().id.into(),
                    "list-path" => Scope::<Build>::new::<Member>(caller)
                        .order(builds::id).limit(20).load::<_, K, _>(self).unwrap().len() as i64,
                    "count-path" => Scope::<Build>::new::<Member>(caller).count::<_, K>(self).unwrap(),
                    "get-path" => Scope::<Build>::new::<Member>(caller).get::<_, K>(id, self).unwrap().id.into(),
                    "insert-path" | "insert-and-delete-path" => {
                        let new = new_key();
                        let build = NewBuild { id: new, version: "version".into(), category_id: id };
                        let scope = Scope::<Build>::new::<Member>(caller);
                        let written = scope.insert(build).execute::<_, K>(self).unwrap();
                        match operation {
                            "insert-path" => written as i64,
                            _ => Scope::<Build>::new::<Member>(caller)
                                .find(new).delete().execute::<_, K>(self).unwrap() as i64,
                        }
                    }
                    "update-path" => {
                        let changes = BuildChanges { version: Some("changed".into()) };
                        Scope::<Build>::new::<Member>(caller)
                            .find(id).update(changes).execute::<_, K>(self).unwrap() as i64
                    }
                    other => panic!("{other}"),
                }
            }

            fn by_hand(&mut self, operation: &str, keys: &[i32], id: i32) -> i64 {
                // Scalar subqueries, as the scoped statement has them; with EXISTS SQLite takes more instructions still.
                let is_member = || memberships::table
                    .filter(memberships::user_id.eq(USER))
                    .filter(memberships::organization_id.eq(categories::organization_id))
                    .select(memberships::organization_id)
                    .single_value()
                    .is_not_null();
                let is_enabled = || organizations::table
                    .filter(organizations::id.eq(categories::organization_id))
                    .select(organizations::is_active)
                    .single_value();
                // The row's organization is one of the caller's.
                macro_rules! in_scope {
                    () => {
                        categories::table
                            .filter(categories::id.eq(builds::category_id))
                            .filter(is_member()).filter(is_enabled())
                            .select(categories::id).single_value().is_not_null()
                    };
                }
                match operation {
                    "list" => categories::table
                        .filter(categories::organization_id.eq_any(keys))
                        .order(categories::id).limit(20)
                        .select(Category::as_select()).load(self).unwrap().len() as i64,
                    "count" => categories::table
                        .filter(categories::organization_id.eq_any(keys))
                        .count().get_result(self).unwrap(),
                    "get" => categories::table
                        .find(id).filter(is_member()).filter(is_enabled())
                        .select(Category::as_select()).first(self).unwrap().id.into(),
                    "list-path" => builds::table
                        .filter(builds::category_id.eq_any(categories::table
                            .filter(categories::organization_id.eq_any(keys)).select(categories::id)))
                        .order(builds::id).limit(20)
                        .select(Build::as_select()).load(self).unwrap().len() as i64,
                    "count-path" => builds::table
                        .filter(builds::category_id.eq_any(categories::table
                            .filter(categories::organization_id.eq_any(keys)).select(categories::id)))
                        .count().get_result(self).unwrap(),
                    "get-path" => builds::table
                        .find(id)
                        .filter(in_scope!())
                        .select(Build::as_select()).first(self).unwrap().id.into(),
                    "insert-path" | "insert-and-delete-path" => {
                        let new = new_key();
                        let written = categories::table
                            .filter(categories::id.eq(id))
                            .filter(is_member()).filter(is_enabled())
                            .select((new.into_sql::<Integer>(), "version".into_sql::<Text>(), categories::id))
                            .insert_into(builds::table)
                            .into_columns((builds::id, builds::version, builds::category_id))
                            .execute(self).unwrap();
                        match operation {
                            "insert-path" => written as i64,
                            _ => diesel::delete(builds::table.find(new).filter(in_scope!()))
                                .execute(self).unwrap() as i64,
                        }
                    }
                    "update-path" => diesel::update(builds::table.find(id).filter(in_scope!()))
                        .set(builds::version.eq("changed")).execute(self).unwrap() as i64,
                    other => panic!("{other}"),
                }
            }
        }
    )*};
}

runs!(SqliteConnection);

#[cfg(feature = "servers")]
runs!(
    diesel_async::async_connection_wrapper::AsyncConnectionWrapper<diesel_async::AsyncPgConnection>,
    diesel_async::async_connection_wrapper::AsyncConnectionWrapper<
        diesel_async::AsyncMysqlConnection,
    >
);

/// A database in memory for a caller in `k` organizations.
pub fn sqlite(k: i32) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    diesel::connection::SimpleConnection::batch_execute(&mut conn, &schema(Database::Sqlite, k))
        .unwrap();
    conn
}

/// Runs an operation some times, with keys of rows in scope that differ.
pub fn run<C: Runs>(operation: &str, side: Side, k: i32, conn: &mut C, times: u32) {
    let keys = keys(k);
    let memberships = keys.iter().map(|key| (*key, Role::Member));
    // One row asks for its membership in its own statement: there nothing is loaded, as with an `Object`.
    let caller = match operation {
        "get" | "get-path" | "insert-path" | "update-path" | "insert-and-delete-path" => {
            Principal::with_highest_role(USER, false, Some(Role::Member))
        }
        _ => Principal::new(USER, false, memberships),
    };
    for time in 0..times as i32 {
        // Category and build `i` belong to organization `1 + i % 1000`.
        let id = 1000 * (1 + time % 9) + time % k;
        let came = match side {
            Side::Ours => conn.ours(operation, &caller, id),
            Side::ByHand => conn.by_hand(operation, &keys, id),
        };
        assert!(came > 0, "{operation} came to nothing");
    }
}
