// Two foreign keys to one table. (Diesel's `Associations` has no answer for it, so that it is not derived.)
use diesel::prelude::*;
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
#[diesel(belongs_to(Device, foreign_key = source_id))]
#[diesel(belongs_to(Device, foreign_key = target_id))]
#[org_scoped(org_field = "target.organization")]
struct Move {
    id: i32,
    source_id: i32,
    target_id: i32,
}

#[protected(member)]
async fn list(_moves: Scoped<Move>) {}

fn main() {}
