//! Query strings: filters, pages and cursors.
#![no_main]

use std::cell::RefCell;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use libfuzzer_sys::fuzz_target;
use orgscope::dialect::Database;
use orgscope::filter::Filters;
use orgscope::identity::Migrations;
use orgscope::page::{Cursor, Paging};
use orgscope::prelude::*;
use orgscope::signing::SigningKey;

diesel::table! {
    categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> }
}
diesel::table! {
    builds (id) { id -> Integer, version -> Text, size -> BigInt, ratio -> Double, stable -> Bool, category_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
#[org_scoped(shared = read)]
// The fields say what Diesel selects; nobody reads them here.
#[allow(dead_code)]
struct Category {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization")]
// The fields say what Diesel selects; nobody reads them here.
#[allow(dead_code)]
struct Build {
    id: i32,
    version: String,
    category_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = builds)]
#[org_filter(
    model = Build,
    fields(
        category, category__organization, version(exact, iexact, contains, in, isnull),
        size(exact, lt, lte, gt, gte, range, in), ratio(exact, lt, gt), stable
    ),
    order = [version, size],
    search = [version]
)]
struct BuildFilter;

thread_local! {
    static DATABASE: RefCell<SqliteConnection> = RefCell::new(database());
}

fn database() -> SqliteConnection {
    let mut conn = SqliteConnection::establish(":memory:").expect("a database");
    let identity = Migrations::<i32, i32>::new().up(Database::Sqlite);
    let own = "CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT, organization_id INTEGER);
        CREATE TABLE builds (id INTEGER PRIMARY KEY, version TEXT, size BIGINT, ratio DOUBLE, stable BOOLEAN, category_id INTEGER);
        INSERT INTO organizations VALUES (1, 'a', 'a', TRUE), (2, 'b', 'b', TRUE);
        INSERT INTO categories VALUES (1, 'a', 1), (2, 'b', 2);
        INSERT INTO builds VALUES (1, 'of a', 1, 0.5, TRUE, 1), (2, 'of b', 2, 0.5, FALSE, 2);";
    conn.batch_execute(&(identity + own)).expect("tables");
    conn
}

fuzz_target!(|query: &str| {
    let filters = Filters::<BuildFilter>::read(query);
    let order = filters.order_or(builds::id.asc());
    let caller = Principal::new(1, false, [(1, Role::Manager)]);
    let scope = Scope::<Build>::new::<policy::Manager>(&caller);
    let scope = scope.filtered(filters).order(order);
    match DATABASE.with_borrow_mut(|conn| scope.load(conn)) {
        Ok(rows) => assert!(rows.iter().all(|build: &Build| build.id == 1)),
        // What the caller sent, and nothing else, may be wrong.
        Err(error) => assert!(matches!(error, Error::Invalid(_)), "{error:?}"),
    }
    let _ = Paging::read("/builds", query);
    let _ = Cursor::read("/builds", query, SigningKey::new([7; 32]));
});
