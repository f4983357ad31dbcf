// A handler with an org path of its own, for a list and for an object; other models in it keep theirs.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { moves (id) { id -> Integer, source_id -> Integer, target_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = moves)]
#[diesel(belongs_to(Device, foreign_key = source_id), belongs_to(Device, foreign_key = target_id))]
#[org_scoped(org_field = "source.organization")]
struct Move {
    id: i32,
    source_id: i32,
    target_id: i32,
}

#[protected(member, org_field = "target.organization")]
async fn incoming(_db: Db, _moves: Scoped<Move>, _devices: Scoped<Device>) {}

#[protected(member, org_field = "target . organization")]
async fn show(_move: Object<Move>) {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/moves/incoming", incoming)
        .get("/moves/{id}", show)
}

fn main() {}
