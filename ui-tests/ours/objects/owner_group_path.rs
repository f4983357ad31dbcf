// The column of the owner group by a path; the table is known.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    counters (id) { id -> Integer, name -> Text, owner_group_id -> Integer, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(owner_group = counters::owner_group_id)]
struct Counter {
    id: i32,
    name: String,
    owner_group_id: i32,
    organization_id: i32,
}

fn main() {}
