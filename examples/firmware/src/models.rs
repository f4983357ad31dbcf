//! The tables, and one line per model that says how a row reaches its organization.

use diesel::prelude::*;
use orgscope::prelude::*;
use serde::Serialize;

diesel::table! {
    categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> }
}
diesel::table! {
    builds (id) { id -> Integer, version -> Text, category_id -> Integer }
}
diesel::table! {
    firmware_images (id) { id -> Integer, file -> Text, build_id -> Integer }
}
diesel::table! {
    devices (id) { id -> Integer, name -> Text, organization_id -> Integer }
}

/// Belongs to an organization, or to all of them: a category without one is shared.
#[derive(Queryable, Selectable, Identifiable, OrgScoped, Serialize)]
#[diesel(table_name = categories)]
#[org_scoped(shared = read)]
pub struct Category {
    pub id: i32,
    pub name: String,
    pub organization_id: Option<i32>,
}

/// Belongs to the organization of its category.
#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped, Serialize)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization")]
pub struct Build {
    pub id: i32,
    pub version: String,
    pub category_id: i32,
}

/// Belongs to the organization of its build's category.
#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped, Serialize)]
#[diesel(table_name = firmware_images, belongs_to(Build))]
#[org_scoped(org_field = "build.category.organization")]
pub struct FirmwareImage {
    pub id: i32,
    pub file: String,
    pub build_id: i32,
}

/// Belongs to an organization.
#[derive(Queryable, Selectable, Identifiable, OrgScoped, Serialize)]
#[diesel(table_name = devices)]
pub struct Device {
    pub id: i32,
    pub name: String,
    pub organization_id: i32,
}
