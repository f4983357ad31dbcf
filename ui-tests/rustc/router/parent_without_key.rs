// A parent whose struct does not hold its primary key.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    name: String,
    organization_id: i32,
}

#[protected(member)]
async fn status(_device: Parent<Device>) {}

fn main() {
    let children = Router::new().get("/status", status);
    let _: Router<Tenancy> = Router::new().under("/devices/{device_id}", children);
}
