// A service with a state of its own, which holds the tenancy.
use axum::extract::State;
use diesel::prelude::*;
use orgscope::AnyPool;
use orgscope::axum::{HasTenancy, Router};
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(Clone)]
struct App {
    tenancy: Tenancy,
    name: String,
}

impl HasTenancy for App {
    type Pool = AnyPool;
    type OrgKey = i32;

    fn tenancy(&self) -> &Tenancy {
        &self.tenancy
    }
}

#[axum::debug_handler]
#[protected(member)]
async fn list(State(app): State<App>, _devices: Scoped<Device>, _db: Db) -> String {
    app.name
}

fn router() -> Router<App> {
    Router::new().get("/devices", list)
}

fn main() {}
