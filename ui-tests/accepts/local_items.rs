// Tables, models and handlers within a function.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

fn router() -> Router<Tenancy> {
    #[derive(Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = devices)]
    struct Device {
        id: i32,
        organization_id: i32,
    }

    #[protected(member)]
    async fn list(_devices: Scoped<Device>) {}

    Router::new().get("/devices", list)
}

fn main() {}
