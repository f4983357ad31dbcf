// A handler below a parent that takes one of another model.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
struct Site {
    id: i32,
    organization_id: i32,
}

#[protected(member)]
async fn status(_device: Parent<Device>) {}

#[protected(member)]
async fn site(_site: Parent<Site>) {}

fn router() -> Router<Tenancy> {
    let children = Router::new().get("/status", status).get("/site", site);
    Router::new().under("/devices/{device_id}", children)
}

fn main() {}
