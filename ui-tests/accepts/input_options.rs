// Everything that an input can say of its relations and fields, with one name, several and none.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! {
    devices (id) {
        id -> Integer, site_id -> Nullable<Integer>, spare_id -> Nullable<Integer>,
        external_id -> Nullable<Text>, organization_id -> Integer
    }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
#[org_scoped(shared = read)]
struct Site {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices, belongs_to(Site))]
#[org_scoped(relation(model = Device, column = spare_id))]
struct Device {
    id: i32,
    site_id: Option<i32>,
    spare_id: Option<i32>,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device, include_shared, cross_org = [site, spare], ignore = [note, serial],)]
struct NewDevice {
    id: i32,
    site_id: Option<i32>,
    spare_id: Option<i32>,
    #[org_input(plain)]
    external_id: Option<String>,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device, include_shared = site)]
#[org_changeset(cross_org = spare, ignore = organization)]
struct DeviceChanges {
    site_id: Option<Option<i32>>,
    spare_id: Option<Option<i32>>,
    #[org_changeset(plain, rename = "serial")]
    external_id: Option<Option<String>>,
}

/// Nothing can be given.
#[derive(OrgInput)]
#[diesel(table_name = sites)]
#[org_input(model = Site)]
struct NewSite {}

fn main() {}
