// A table of edit groups with the name of one column; there are two.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    counters (id) { id -> Integer, name -> Text, owner_group_id -> Integer, organization_id -> Integer }
}
diesel::table! {
    counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(edit_groups = counter_edit_groups(counter_id))]
struct Counter {
    id: i32,
    name: String,
    owner_group_id: i32,
    organization_id: i32,
}

fn main() {}
