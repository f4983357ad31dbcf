// Rows without a scope, and a reason that says nothing.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

struct NoReason;

impl UnscopedReason for NoReason {
    const REASON: &'static str = " ";
}

#[protected(root)]
async fn export(devices: Unscoped<Device, NoReason>, mut db: Db) -> Result<String, ApiError> {
    Ok(devices.rows().count(&mut db).await?.to_string())
}

fn main() {}
