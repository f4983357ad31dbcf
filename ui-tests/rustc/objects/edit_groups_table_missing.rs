// A table of edit groups that does not exist.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    counters (id) { id -> Integer, owner_group_id -> Integer, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(edit_groups = counter_edit_groups)]
struct Counter {
    id: i32,
    owner_group_id: i32,
    organization_id: i32,
}

fn main() {}
