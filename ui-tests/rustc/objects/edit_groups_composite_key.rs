// A table of edit groups for a model whose primary key has two columns.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    counters (place, number) { place -> Integer, number -> Integer, owner_group_id -> Integer, organization_id -> Integer }
}
diesel::table! {
    counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters, primary_key(place, number))]
#[org_scoped(edit_groups = counter_edit_groups)]
struct Counter {
    place: i32,
    number: i32,
    owner_group_id: i32,
    organization_id: i32,
}

fn main() {}
