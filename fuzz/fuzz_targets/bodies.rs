//! Bodies, in JSON and as forms.
#![no_main]

use std::cell::RefCell;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use libfuzzer_sys::fuzz_target;
use orgscope::body::Body;
use orgscope::dialect::Database;
use orgscope::identity::Migrations;
use orgscope::prelude::*;

diesel::table! {
    shelves (id) { id -> Integer, name -> Text, open -> Nullable<Bool>, organization_id -> Nullable<Integer> }
}
diesel::table! { tags (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { shelf_tags (shelf_id, tag_id) { shelf_id -> Integer, tag_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = tags)]
#[org_scoped(shared = read)]
// The fields say what Diesel selects; nobody reads them here.
#[allow(dead_code)]
struct Tag {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = shelves)]
#[org_scoped(shared = read, many(name = tags, model = Tag, through = shelf_tags(shelf_id, tag_id)))]
// The fields say what Diesel selects; nobody reads them here.
#[allow(dead_code)]
struct Shelf {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = shelves)]
#[org_input(model = Shelf)]
struct NewShelf {
    id: i32,
    name: String,
    open: Option<bool>,
    organization_id: Option<i32>,
    #[org_input(many)]
    tags: Vec<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = shelves)]
#[org_changeset(model = Shelf)]
struct ShelfChanges {
    name: Option<String>,
    open: Option<Option<bool>>,
    organization_id: Option<Option<i32>>,
}

thread_local! {
    static DATABASE: RefCell<SqliteConnection> = RefCell::new(database());
}

fn database() -> SqliteConnection {
    let mut conn = SqliteConnection::establish(":memory:").expect("a database");
    let identity = Migrations::<i32, i32>::new().up(Database::Sqlite);
    let own = "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT, organization_id INTEGER);
        CREATE TABLE shelves (id INTEGER PRIMARY KEY, name TEXT, open BOOLEAN, organization_id INTEGER);
        CREATE TABLE shelf_tags (shelf_id INTEGER, tag_id INTEGER, PRIMARY KEY (shelf_id, tag_id));
        INSERT INTO organizations VALUES (1, 'a', 'a', TRUE), (2, 'b', 'b', TRUE);
        INSERT INTO tags VALUES (1, 'of a', 1), (2, 'of b', 2);
        INSERT INTO shelves VALUES (1, 'of a', TRUE, 1), (2, 'of b', TRUE, 2);";
    conn.batch_execute(&(identity + own)).expect("tables");
    conn
}

/// Writes what a body says, and looks whether it was the caller's to write.
fn write(body: &Body, conn: &mut SqliteConnection) {
    let caller = Principal::new(1, false, [(1, Role::Manager)]);
    let shelves = || Scope::<Shelf>::new::<policy::Manager>(&caller);
    let inserted = shelves().insert(body.read::<NewShelf>()).execute(conn);
    let changed = shelves().find(1).update(body.read::<ShelfChanges>()).execute(conn);
    for error in [inserted, changed].into_iter().filter_map(Result::err) {
        let is_theirs = matches!(error, Error::Invalid(_) | Error::Conflict | Error::Denied(_));
        assert!(is_theirs, "{error:?}");
    }
    let everybody = Principal::new(9, true, []);
    let all = || Scope::<Shelf>::new::<policy::Anyone>(&everybody);
    let others = all().filter(shelves::organization_id.eq(2)).count(conn);
    assert_eq!(others.expect("a number"), 1, "there is something more of others");
    let shared = all().filter(shelves::organization_id.is_null()).count(conn);
    assert_eq!(shared.expect("a number"), 0, "there is something for everybody");
}

fuzz_target!(|bytes: &[u8]| {
    for body in Body::json(bytes).ok().into_iter().chain([Body::form(bytes)]) {
        DATABASE.with_borrow_mut(|conn| {
            let _ = conn.transaction(|conn| {
                write(&body, conn);
                Err::<(), _>(diesel::result::Error::RollbackTransaction)
            });
        });
    }
});
