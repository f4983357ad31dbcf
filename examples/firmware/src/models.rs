//! The tables, and one line per model that says how a row reaches its organization.

use diesel::prelude::*;
use orgscope::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

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
#[derive(Queryable, Selectable, Identifiable, OrgScoped, Serialize, ToSchema)]
#[diesel(table_name = categories)]
#[org_scoped(shared = read, label = name)]
pub struct Category {
    pub id: i32,
    pub name: String,
    pub organization_id: Option<i32>,
}

/// Belongs to the organization of its category.
#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped, Serialize, ToSchema)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization", label = version)]
pub struct Build {
    pub id: i32,
    pub version: String,
    pub category_id: i32,
}

/// Belongs to the organization of its build's category.
#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped, Serialize, ToSchema)]
#[diesel(table_name = firmware_images, belongs_to(Build))]
#[org_scoped(org_field = "build.category.organization")]
pub struct FirmwareImage {
    pub id: i32,
    pub file: String,
    pub build_id: i32,
}

/// Belongs to an organization.
#[derive(Queryable, Selectable, Identifiable, OrgScoped, Serialize, ToSchema)]
#[diesel(table_name = devices)]
pub struct Device {
    pub id: i32,
    pub name: String,
    pub organization_id: i32,
}

/// What a form may offer.
#[derive(Queryable, Serialize, ToSchema)]
pub struct Choice {
    pub id: i32,
    pub label: String,
}

/// A new category. A superuser may leave out the organization: the category is shared then.
#[derive(Insertable, OrgInput)]
#[diesel(table_name = categories)]
#[org_input(model = Category)]
pub struct NewCategory {
    pub name: String,
    pub organization_id: Option<i32>,
}

/// Changes of a category.
#[derive(AsChangeset, OrgChangeset)]
#[diesel(table_name = categories)]
#[org_changeset(model = Category)]
pub struct CategoryChanges {
    pub name: Option<String>,
    pub organization_id: Option<Option<i32>>,
}

/// A new build, in a category of an organization that the caller manages.
#[derive(Insertable, OrgInput)]
#[diesel(table_name = builds)]
#[org_input(model = Build)]
pub struct NewBuild {
    pub version: String,
    pub category_id: i32,
}

/// Changes of a build.
#[derive(AsChangeset, OrgChangeset)]
#[diesel(table_name = builds)]
#[org_changeset(model = Build)]
pub struct BuildChanges {
    pub version: Option<String>,
    pub category_id: Option<i32>,
}

/// A new image of a build.
#[derive(Insertable, OrgInput)]
#[diesel(table_name = firmware_images)]
#[org_input(model = FirmwareImage)]
pub struct NewImage {
    pub file: String,
    pub build_id: i32,
}

/// Changes of an image.
#[derive(AsChangeset, OrgChangeset)]
#[diesel(table_name = firmware_images)]
#[org_changeset(model = FirmwareImage)]
pub struct ImageChanges {
    pub file: Option<String>,
    pub build_id: Option<i32>,
}

/// A new device.
#[derive(Insertable, OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device)]
pub struct NewDevice {
    pub name: String,
    pub organization_id: i32,
}

/// Changes of a device.
#[derive(AsChangeset, OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device)]
pub struct DeviceChanges {
    pub name: Option<String>,
    pub organization_id: Option<i32>,
}

/// A new build of the category in the path.
#[derive(Insertable, OrgInput)]
#[diesel(table_name = builds)]
#[org_input(model = Build)]
pub struct NewVersion {
    pub version: String,
}

/// `?organization=&organization_slug=&name=&name__icontains=&ordering=&search=`
#[derive(OrgFilter)]
#[diesel(table_name = categories)]
#[org_filter(
    model = Category,
    fields(organization, organization_slug, name(exact, icontains)),
    order = [name, id],
    search = [name]
)]
pub struct CategoryFilter;

/// `?organization=&organization_slug=&category=&version=&version__in=&ordering=&search=`
#[derive(OrgFilter)]
#[diesel(table_name = builds)]
#[org_filter(
    model = Build,
    fields(organization, organization_slug, category, version(exact, in, icontains)),
    order = [version, id],
    search = [version]
)]
pub struct BuildFilter;

/// `?organization=&build=&file__contains=`; a parameter that nobody knows is an error here.
#[derive(OrgFilter)]
#[diesel(table_name = firmware_images)]
#[org_filter(
    model = FirmwareImage,
    fields(organization, build, file(exact, contains)),
    order = [file, id],
    deny_unknown
)]
pub struct ImageFilter;

/// `?organization=&organization_slug=&id__gte=&name=&ordering=&search=`
#[derive(OrgFilter)]
#[diesel(table_name = devices)]
#[org_filter(
    model = Device,
    fields(organization, organization_slug, name, id(exact, gte, lte, range)),
    order = [name, id],
    search = [name]
)]
pub struct DeviceFilter;
