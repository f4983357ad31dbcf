//! The shapes of models that the derive takes, and their rows.

use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { groups (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { items (id) { id -> Integer, name -> Text, group_id -> Nullable<Integer> } }
diesel::table! { parts (id) { id -> Integer, item_id -> Integer } }
diesel::table! { screws (id) { id -> Integer, part_id -> Nullable<Integer> } }
diesel::table! { nodes (id) { id -> Integer, parent_id -> Nullable<Integer>, organization_id -> Nullable<Integer> } }
diesel::table! { transfers (id) { id -> Integer, from_group_id -> Integer, to_group_id -> Integer } }
diesel::table! {
    /// SQL names that are keywords, and a column with another name than its field.
    #[sql_name = "order"]
    orders (id) { id -> Integer, #[sql_name = "type"] type_id -> Integer }
}
diesel::table! {
    #[sql_name = "type"]
    types (id) { id -> Integer, #[sql_name = "tenant"] owning_tenant -> Integer }
}
diesel::table! { seats (row, number) { row -> Integer, number -> Integer, organization_id -> Integer } }
diesel::table! { countries (id) { id -> Integer, name -> Text } }
diesel::joinable!(items -> groups (group_id));
diesel::allow_tables_to_appear_in_same_query!(items, groups, countries);

#[derive(Queryable, Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = groups)]
#[org_scoped(shared = read)]
pub struct Group {
    pub id: i32,
    pub organization_id: Option<i32>,
}

/// The same table, where NULL means nobody.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = groups)]
#[org_scoped(shared = none)]
pub struct PrivateGroup {
    pub id: i32,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = items, belongs_to(Group))]
#[org_scoped(org_field = "group.organization")]
pub struct Item {
    pub id: i32,
    pub name: String,
    pub group_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = parts, belongs_to(Item))]
#[org_scoped(org_field = "item.group.organization")]
pub struct Part {
    pub id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = screws)]
#[org_scoped(
    org_field = "fits.item.group.organization",
    relation(name = fits, model = Part, column = part_id, key = parts::id)
)]
pub struct Screw {
    pub id: i32,
}

/// Belongs to the organization of its parent.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = nodes, belongs_to(Node, foreign_key = parent_id))]
#[org_scoped(org_field = "parent.organization", shared = none)]
pub struct Node {
    pub id: i32,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = transfers)]
#[diesel(belongs_to(Group, foreign_key = from_group_id))]
#[org_scoped(org_field = "to_group.organization", relation(model = Group, column = to_group_id))]
pub struct Transfer {
    pub id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = types)]
#[org_scoped(org_field = "tenant")]
pub struct Type {
    pub id: i32,
    #[diesel(column_name = owning_tenant)]
    pub tenant_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = orders, belongs_to(Type))]
#[org_scoped(org_field = "type.tenant")]
pub struct Order {
    pub id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = seats, primary_key(row, number))]
pub struct Seat {
    pub row: i32,
    pub number: i32,
}

#[derive(Queryable, Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = countries)]
#[org_scoped(global, reason = "countries belong to nobody")]
pub struct Country {
    pub id: i32,
    pub name: String,
}

/// Group 1 is A's, 2 is B's, 3 the disabled organization's, 4 is shared. What follows is numbered after it; 9 is an orphan.
pub const ROWS: &str = r"
    CREATE TABLE groups (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER);
    CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, group_id INTEGER);
    CREATE TABLE parts (id INTEGER NOT NULL PRIMARY KEY, item_id INTEGER NOT NULL);
    CREATE TABLE screws (id INTEGER NOT NULL PRIMARY KEY, part_id INTEGER);
    CREATE TABLE nodes (id INTEGER NOT NULL PRIMARY KEY, parent_id INTEGER, organization_id INTEGER);
    CREATE TABLE transfers (id INTEGER NOT NULL PRIMARY KEY, from_group_id INTEGER NOT NULL, to_group_id INTEGER NOT NULL);
    CREATE TABLE seats (row INTEGER NOT NULL, number INTEGER NOT NULL, organization_id INTEGER NOT NULL);
    CREATE TABLE countries (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL);
    INSERT INTO groups VALUES (1, 10), (2, 20), (3, 30), (4, NULL);
    INSERT INTO items VALUES (1, 'a', 1), (2, 'b', 2), (3, 'disabled', 3), (4, 'shared', 4), (9, 'orphan', NULL), (11, 'a', 1);
    INSERT INTO parts VALUES (1, 1), (2, 2), (3, 3), (4, 4), (9, 9);
    INSERT INTO screws VALUES (1, 1), (2, 2), (3, 3), (4, 4), (9, NULL);
    INSERT INTO nodes VALUES (1, NULL, 10), (2, NULL, 20), (3, 1, 20), (4, 2, 10), (5, 6, 10), (6, NULL, NULL);
    INSERT INTO transfers VALUES (1, 2, 1), (2, 1, 2);
    INSERT INTO seats VALUES (1, 1, 10), (1, 2, 20);
    INSERT INTO countries VALUES (1, 'France'), (2, 'Spain');
";

/// `ROWS` in the SQL of a database, with the tables whose names are keywords.
pub fn rows(database: orgscope::dialect::Database) -> String {
    let quote = match database {
        orgscope::dialect::Database::Mysql => '`',
        _ => '"',
    };
    let quoted = r#"
    CREATE TABLE "type" (id INTEGER NOT NULL PRIMARY KEY, tenant INTEGER NOT NULL);
    CREATE TABLE "order" (id INTEGER NOT NULL PRIMARY KEY, "type" INTEGER NOT NULL);
    INSERT INTO "type" VALUES (1, 10), (2, 20);
    INSERT INTO "order" VALUES (1, 1), (2, 2);"#;
    // `groups` and `row` are keywords of newer MySQL versions.
    let rows = ROWS
        .replace(" groups ", " \"groups\" ")
        .replace("(row INTEGER", "(\"row\" INTEGER");
    (rows + quoted).replace('"', &quote.to_string())
}
