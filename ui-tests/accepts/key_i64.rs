// Organizations whose keys are `i64`.
use diesel::prelude::*;
use orgscope::AnyPool;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> BigInt, organization_id -> Nullable<BigInt> } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(shared = read)]
struct Device {
    id: i64,
    organization_id: Option<i64>,
}

#[protected(member)]
async fn list(_devices: Scoped<Device>, _caller: Principal<i64>) {}

#[protected(member)]
async fn show(_device: Object<Device>) {}

fn router() -> Router<Tenancy<AnyPool, i64>> {
    Router::new()
        .get("/devices", list)
        .get("/devices/{id}", show)
}

fn main() {}
