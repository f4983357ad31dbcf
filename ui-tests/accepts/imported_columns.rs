// A user who denies needless qualifications and imports the columns.
#![deny(unused_qualifications)]

use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { devices (number) { number -> Integer, site_id -> Integer } }

use devices::{number, site_id};
use sites::{id, organization_id};

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
struct Site {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices, primary_key(number), belongs_to(Site))]
#[org_scoped(org_field = "site.organization")]
struct Device {
    number: i32,
    site_id: i32,
}

fn site(caller: &Principal, conn: &mut SqliteConnection) -> Result<Site, Error> {
    let sites = Scope::<Site>::new::<policy::Member>(caller);
    sites
        .filter(id.eq(1).and(organization_id.eq(2)))
        .first(conn)
}

fn device(caller: &Principal, conn: &mut SqliteConnection) -> Result<Device, Error> {
    let devices = Scope::<Device>::new::<policy::Member>(caller);
    devices.filter(number.eq(1).and(site_id.eq(2))).first(conn)
}

fn main() {}
