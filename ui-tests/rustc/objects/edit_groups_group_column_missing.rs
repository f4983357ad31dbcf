// A table of edit groups that has no column of the name that is given for the group.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    counters (id) { id -> Integer, owner_group_id -> Integer, organization_id -> Integer }
}
diesel::table! {
    counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(edit_groups = counter_edit_groups(counter_id, team_id))]
struct Counter {
    id: i32,
    owner_group_id: i32,
    organization_id: i32,
}

fn main() {}
