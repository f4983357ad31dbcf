// Organizations whose keys are texts.
use diesel::prelude::*;
use orgscope::AnyPool;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (serial) { serial -> Text, organization_id -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices, primary_key(serial))]
struct Device {
    serial: String,
    organization_id: String,
}

#[protected(member)]
async fn list(_devices: Scoped<Device>, _caller: Principal<String>) {}

#[protected(member)]
async fn show(_device: Object<Device>) {}

fn router() -> Router<Tenancy<AnyPool, String>> {
    Router::new()
        .get("/devices", list)
        .get("/devices/{serial}", show)
}

fn main() {}
