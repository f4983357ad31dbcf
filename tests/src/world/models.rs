//! The models of the world. Organizations have integer keys, shelves and books UUIDs as text.

use diesel::prelude::*;
use orgscope::prelude::*;
use serde::Serialize;

diesel::table! { templates (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { tags (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { shelves (id) { id -> Text, organization_id -> Nullable<Integer> } }
diesel::table! {
    configs (id) { id -> Integer, organization_id -> Integer, template_id -> Nullable<Integer> }
}
diesel::table! {
    books (id) { id -> Text, organization_id -> Integer, shelf_id -> Nullable<Text> }
}
diesel::table! { libraries (id) { id -> Integer, book_id -> Text } }

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = templates)]
#[org_scoped(shared = read)]
pub struct Template {
    pub id: i32,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = tags)]
#[org_scoped(shared = read)]
pub struct Tag {
    pub id: i32,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = shelves)]
#[org_scoped(shared = read)]
pub struct Shelf {
    pub id: String,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = configs, belongs_to(Template))]
pub struct Config {
    pub id: i32,
    pub organization_id: i32,
    pub template_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = books)]
#[diesel(belongs_to(Shelf))]
pub struct Book {
    pub id: String,
    pub organization_id: i32,
    pub shelf_id: Option<String>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = libraries, belongs_to(Book))]
#[org_scoped(org_field = "book.organization")]
pub struct Library {
    pub id: i32,
    pub book_id: String,
}

/// The tables, in the SQL that the three databases share.
pub const SCHEMA: &str = "
    CREATE TABLE templates (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER);
    CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER);
    CREATE TABLE shelves (id VARCHAR(36) NOT NULL PRIMARY KEY, organization_id INTEGER);
    CREATE TABLE configs (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER NOT NULL, template_id INTEGER);
    CREATE TABLE books (id VARCHAR(36) NOT NULL PRIMARY KEY, organization_id INTEGER NOT NULL, shelf_id VARCHAR(36));
    CREATE TABLE libraries (id INTEGER NOT NULL PRIMARY KEY, book_id VARCHAR(36) NOT NULL);";
