// A protected handler is called by hand, around its check.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

#[protected(owner)]
async fn purge(mut db: Db) {
    let _ = &mut db;
}

async fn around(db: Db) {
    purge(orgscope::axum::Guarded(db, std::marker::PhantomData)).await;
}

fn main() {}
