// The crate under another name, in named policies, controllers and models that say who holds their rows.
use diesel::prelude::*;
use orgscope as other;
use other::axum::Router;
use other::prelude::*;

diesel::table! {
    counters (id) { id -> Integer, owner_group_id -> Integer, organization_id -> Integer }
}
diesel::table! { counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer } }

#[derive(Debug, Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(crate = other, owner_group = owner_group_id, edit_groups = counter_edit_groups)]
struct Counter {
    id: i32,
    owner_group_id: i32,
    organization_id: i32,
}

other::policy! {
    pub IpamApi = manager & perm("ipam.use");
    crate = other;

    /// The next one, with the crate by another path.
    pub Exports = IpamApi & in_group(4);
    crate = crate::renamed_crate_policies::other;
    Last = !IpamApi & (root | subscriber);
    crate = other;
}

#[protected(IpamApi | can_view, crate = other)]
#[tracing::instrument]
async fn list(_counters: Scoped<Counter>) {}

#[protected(
    Exports,
    scope = all,
    reason = "exports are for auditors",
    crate = crate::renamed_crate_policies::other
)]
mod api {
    use super::{Counter, other};
    use other::prelude::*;

    pub async fn list(_counters: Scoped<Counter>) {}

    pub async fn ping() {}

    #[tracing::instrument]
    pub async fn show(_counter: Object<Counter>) {}

    #[protected(model_perms & in_group("board"))]
    #[tracing::instrument]
    pub async fn edit(_counter: Object<Counter>) {}

    #[protected(override, anyone, crate = other)]
    pub async fn health() {}

    pub mod nested {
        pub async fn ping() {}
    }
}

struct Counters;

#[protected(Last, crate = other)]
impl Counters {
    pub async fn list(_counters: Scoped<Counter>) {}

    #[protected(perm(["ipam.use", "ipam.export"], any))]
    pub async fn edit(_counter: Object<Counter>) {}
}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/list", list)
        .get("/api", api::list)
        .get("/ping", api::ping)
        .get("/api/{id}", api::show)
        .put("/api/{id}", api::edit)
        .get("/health", api::health)
        .get("/nested", api::nested::ping)
        .get("/counters", Counters::list)
        .put("/counters/{id}", Counters::edit)
}

fn main() {}
