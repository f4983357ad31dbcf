// Joins of scopes: by the declared foreign key, and over an explicit condition.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { devices (id) { id -> Integer, site_id -> Integer } }
diesel::joinable!(devices -> sites (site_id));
diesel::allow_tables_to_appear_in_same_query!(devices, sites);

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
struct Site {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices, belongs_to(Site))]
#[org_scoped(org_field = "site.organization")]
struct Device {
    id: i32,
    site_id: i32,
}

fn inner(caller: &Principal, conn: &mut SqliteConnection) -> Result<Vec<(Device, Site)>, Error> {
    let sites = Scope::<Site>::new::<policy::Member>(caller);
    let devices = Scope::<Device>::new::<policy::Manager>(caller);
    devices.inner_join(sites).load(conn)
}

fn left(
    caller: &Principal,
    conn: &mut SqliteConnection,
) -> Result<Vec<(Site, Option<Device>)>, Error> {
    let sites = Scope::<Site>::new::<policy::Member>(caller);
    let devices = Scope::<Device>::new::<policy::Manager>(caller);
    sites
        .left_join(devices.on(devices::site_id.eq(sites::id)))
        .load(conn)
}

fn main() {}
