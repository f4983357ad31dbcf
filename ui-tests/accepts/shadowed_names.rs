// Items of the user's that have the names of what the macros need, in reach of what they write.
use diesel::prelude::*;
use orgscope::prelude::{OrgScoped, Principal, Scoped, protected};

diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { devices (id) { id -> Integer, site_id -> Integer } }

mod core {}
mod std {}
mod macros {}
struct Path;
struct Via;
struct Key;
struct P;
struct Arc;
struct Guarded;
struct DeviceRelations;
type Result<T> = ::std::result::Result<T, orgscope::Error>;

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

#[protected(member, org_field = "site.organization")]
async fn list(_devices: Scoped<Device>) {}

#[protected(manager, principal = denied)]
fn purge(denied: &Principal) -> Result<()> {
    let _ = denied;
    Ok(())
}

fn main() {}
