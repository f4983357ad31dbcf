//! The models of the world. Organizations have the keys that Django gives them, shelves and books UUIDs as text.

use diesel::prelude::*;
use orgscope::dialect::Database;
use orgscope::key::Key as _;
use orgscope::prelude::*;
use serde::Serialize;

use super::Key;

diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    templates (id) { id -> Integer, name -> Text, organization_id -> Nullable<DjangoUuid> }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    tags (id) { id -> Integer, name -> Text, organization_id -> Nullable<DjangoUuid> }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    shelves (id) { id -> Text, name -> Text, organization_id -> Nullable<DjangoUuid> }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    shelf_tags (shelf_id, tag_id) { shelf_id -> Text, tag_id -> Integer }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    configs (id) {
        id -> Integer, name -> Text, organization_id -> DjangoUuid, template_id -> Nullable<Integer>
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    books (id) {
        id -> Text, name -> Text, organization_id -> DjangoUuid, shelf_id -> Nullable<Text>
    }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    libraries (id) { id -> Integer, name -> Text, book_id -> Text }
}
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    notes (id) {
        id -> Integer, name -> Text, config_id -> Nullable<Integer>, library_id -> Nullable<Integer>
    }
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = templates)]
#[org_scoped(shared = read, dependents(table = configs, column = template_id))]
pub struct Template {
    pub id: i32,
    pub name: String,
    pub organization_id: Option<Key>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = tags)]
#[org_scoped(shared = read)]
pub struct Tag {
    pub id: i32,
    pub name: String,
    pub organization_id: Option<Key>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = shelves)]
#[org_scoped(shared = read, many(name = tags, model = Tag, through = shelf_tags(shelf_id, tag_id)))]
pub struct Shelf {
    pub id: String,
    pub name: String,
    pub organization_id: Option<Key>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = shelf_tags, primary_key(shelf_id, tag_id))]
#[org_scoped(global, reason = "the replay looks at what was saved")]
pub struct ShelfTag {
    pub shelf_id: String,
    pub tag_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = configs, belongs_to(Template))]
pub struct Config {
    pub id: i32,
    pub name: String,
    pub organization_id: Key,
    pub template_id: Option<i32>,
}

/// A config whose organization is that of its template.
#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = configs, belongs_to(Template))]
#[org_scoped(org_field = "template.organization")]
pub struct ConfigByTemplate {
    pub id: i32,
    pub template_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = books)]
#[diesel(belongs_to(Shelf))]
pub struct Book {
    pub id: String,
    pub name: String,
    pub organization_id: Key,
    pub shelf_id: Option<String>,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = libraries, belongs_to(Book))]
#[org_scoped(org_field = "book.organization")]
pub struct Library {
    pub id: i32,
    pub name: String,
    pub book_id: String,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize)]
#[diesel(table_name = notes, belongs_to(Config), belongs_to(Library))]
#[org_scoped(org_field = "library.book.organization")]
pub struct Note {
    pub id: i32,
    pub name: String,
    pub config_id: Option<i32>,
    pub library_id: Option<i32>,
}

/// The tables, in the SQL that the three databases share.
pub fn schema(database: Database) -> String {
    const SCHEMA: &str = "
    CREATE TABLE templates (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id {key});
    CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id {key});
    CREATE TABLE shelves (id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id {key});
    CREATE TABLE shelf_tags (shelf_id VARCHAR(36) NOT NULL, tag_id INTEGER NOT NULL, PRIMARY KEY (shelf_id, tag_id));
    CREATE TABLE configs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id {key} NOT NULL, template_id INTEGER);
    CREATE TABLE books (id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id {key} NOT NULL, shelf_id VARCHAR(36));
    CREATE TABLE libraries (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, book_id VARCHAR(36) NOT NULL);
    CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, config_id INTEGER, library_id INTEGER);";
    SCHEMA.replace("{key}", Key::column(database))
}
